"""The application of the documentation's example: it sends its user to Signet, exchanges the code
at /oauth/access_token and asks /api/v4/users/me who that was. One person uses it at a time."""

import hmac
import html
import http.server
import json
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request

from .api import ME

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sample application</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 sans-serif;max-width:34em;margin:2em auto;padding:0 1em}}
label{{display:block}}input{{width:100%;font:inherit}}code{{word-break:break-all}}</style></head>
<body><h1>Sample application</h1>{body}</body></html>
"""
START = """<p>It wants to know who you are at <a href="{site}/console">{site}</a>.
Register it there with this callback: <code id="callback">{callback}</code></p>
<form method="post" action="/app">
<p><label for="client-id">Client ID</label><input id="client-id" name="client_id" value="{id}"></p>
<p><label for="client-secret">Client secret</label>
<input id="client-secret" name="client_secret" type="password"></p>
<p><button>Save and sign in</button></p></form>"""
SIGNED_IN = """<p>Signed in as <strong id="user">{user}</strong></p>
<form method="post" action="/ask"><button>Ask the API again</button></form>
<form method="post" action="/refresh"><button>Refresh the token</button></form>
<p><a href="/login">Sign in again</a></p>"""


class SampleClient:
    """`url` is its first page. `tokens` is what it was given last."""

    def __init__(self, site, port=0):
        self.site, self.client_id, self.secret, self.state = site, "", "", None
        self.tokens = {}
        owner = self

        class Handler(_Handler):
            client = owner

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.callback = self.url + "/callback"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def begin(self):
        """The address to which the person goes."""
        self.state = secrets.token_urlsafe(16)
        query = {"response_type": "code", "client_id": self.client_id,
                 "redirect_uri": self.callback, "state": self.state}
        return f"{self.site}/oauth/authorize?" + urllib.parse.urlencode(query)

    def token(self, **form):
        """Asks for tokens, as the documentation's example does: everything in the body."""
        form.update(client_id=self.client_id, client_secret=self.secret,
                    redirect_uri=self.callback)
        status, answer = _ask(self.site + "/oauth/access_token",
                              urllib.parse.urlencode(form).encode())
        if status == 200:
            self.tokens = answer
        return status, answer

    def who(self):
        """Asks the API: (status, answer)."""
        token = self.tokens.get("access_token", "none")
        return _ask(self.site + ME, headers={"Authorization": "Bearer " + token})

    def called_back(self, query):
        """The person has come back. Returns the page's body."""
        given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        expected, self.state = self.state, None
        if not expected or not hmac.compare_digest(given.get("state", ""), expected):
            return _problem("This answer is not to a question of ours (state).")
        if "error" in given:
            return _problem("Not signed in: " + given["error"])
        status, answer = self.token(grant_type="authorization_code", code=given.get("code", ""))
        if status != 200:
            return _problem(f"No token: {status} {json.dumps(answer)}")
        return self.signed_in()

    def signed_in(self):
        status, answer = self.who()
        if status != 200:
            return _problem(f"The API answers {status}.")
        return SIGNED_IN.format(user=html.escape(answer["username"]))

    def first_page(self):
        return START.format(site=self.site, callback=self.callback, id=html.escape(self.client_id))


def _problem(text):
    return f'<p id="problem">{html.escape(text)}</p><p><a href="/">Back to the start</a></p>'


def _ask(url, form=None, headers=None):
    request = urllib.request.Request(url, data=form, headers=headers or {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        body = error.read().decode(errors="replace")
        try:
            return error.code, json.loads(body)
        except ValueError:
            return error.code, {"body": body[:200]}


class _Handler(http.server.BaseHTTPRequestHandler):
    client = None

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/":
            self._page(self.client.first_page())
        elif path == "/login":
            self._go(self.client.begin())
        elif path == "/callback":
            self._page(self.client.called_back(query))
        else:
            self._page(_problem("There is no such page."), 404)

    def do_POST(self):
        size = min(int(self.headers.get("Content-Length") or 0), 65536)
        form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode(errors="replace")))
        if self.headers.get("Origin") not in (None, self.client.url):
            self._page(_problem("That form is not ours."), 403)
        elif self.path == "/app":
            self.client.client_id = form.get("client_id", "").strip()
            self.client.secret = form.get("client_secret", "").strip()
            self._go(self.client.begin())
        elif self.path == "/ask":
            self._page(self.client.signed_in())
        elif self.path == "/refresh":
            status, answer = self.client.token(
                grant_type="refresh_token",
                refresh_token=self.client.tokens.get("refresh_token", ""))
            self._page(self.client.signed_in() if status == 200 else _problem(
                f"No token: {status} {json.dumps(answer)}"))
        else:
            self._page(_problem("There is no such page."), 404)

    def _page(self, body, status=200):
        data = PAGE.format(body=body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Referrer-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(data)

    def _go(self, url):
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
