# signetd.conf allows nginx's uid: allow = uid:www-data rights=validate
mkdir -p /run/signet /etc/signet && cp tools/gateways/nginx/signetd.conf /etc/signet/
signetd --config /etc/signet/signetd.conf &
until signetctl ping 2>/dev/null; do kill -0 $! || break; sleep 0.2; done
signetctl settings set provider-enabled=true
token=$(signetctl issue --json --user alice --scope read | grep -o 'sga_[0-9A-Za-z]*')
cp tools/gateways/nginx/signet.lua /etc/nginx/ && cp tools/gateways/nginx/signet.conf /etc/nginx/conf.d/
nginx -s reload
curl -i --retry 5 --retry-connrefused -H "Authorization: Bearer $token" http://127.0.0.1:8080/
