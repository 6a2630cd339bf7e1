# signetd.conf allows HAProxy's uid: allow = uid:haproxy rights=validate
mkdir -p /run/signet /etc/signet && cp tools/gateways/haproxy/signetd.conf /etc/signet/
signetd --config /etc/signet/signetd.conf &
until signetctl ping 2>/dev/null; do kill -0 $! || break; sleep 0.2; done
signetctl settings set provider-enabled=true
token=$(signetctl issue --json --user alice --scope read | grep -o 'sga_[0-9A-Za-z]*')
cp tools/gateways/haproxy/signet.lua tools/gateways/haproxy/signet.cfg /etc/haproxy/
haproxy -D -f /etc/haproxy/signet.cfg -p /run/signet/haproxy.pid
curl -i --retry 5 --retry-connrefused -H "Authorization: Bearer $token" http://127.0.0.1:8080/
