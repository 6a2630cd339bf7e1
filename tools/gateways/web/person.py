"""A person who clicks without a browser: logs in, reads forms, sends them as they are."""

import base64
import html.parser
import http.client
import socket
import urllib.parse


class Reply:
    """`headers` in order, as they came."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[0] if values else None

    @property
    def text(self):
        return self.body.decode(errors="replace")

    def __str__(self):
        return f"{self.status} {self.text[:200]}"


def ask(url, method="GET", headers=(), form=None, body=None, host=None):
    """One request on a connection of its own, no redirect followed. `headers` are pairs."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        headers = list(headers)
        if form is not None:
            body = urllib.parse.urlencode(form).encode()
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        target = (parts.path or "/") + ("?" + parts.query) * bool(parts.query)
        connection.putrequest(method, target, skip_host=host is not None)
        if host is not None:
            connection.putheader("Host", host)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        reply = connection.getresponse()
        return Reply(reply.status, reply.getheaders(), reply.read())
    finally:
        connection.close()


def basic(name, password):
    """An Authorization header, as browsers and curl make it."""
    text = base64.b64encode(f"{name}:{password}".encode()).decode()
    return ("Authorization", "Basic " + text)


def ask_socket(path, headers):
    """A GET of / over a Unix socket."""
    connection = http.client.HTTPConnection("localhost", timeout=30)
    connection.sock = socket.socket(socket.AF_UNIX)
    try:
        connection.sock.connect(path)
        connection.request("GET", "/", headers=dict(headers))
        reply = connection.getresponse()
        return Reply(reply.status, reply.getheaders(), reply.read())
    finally:
        connection.close()


class Form:
    """A form of a page: where it goes, its fields, its buttons as (name, value, words)."""

    def __init__(self, action):
        self.action, self.fields, self.buttons = action, [], []


class _Forms(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.button, self.area = [], None, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form" and given.get("method", "").lower() == "post":
            self.form = Form(given["action"])
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and given.get("name"):
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.form.fields.append((given["name"], given.get("value", "")))
        elif tag == "button":
            self.button = [given.get("name"), given.get("value", ""), ""]
        elif tag == "textarea":
            self.area = [given["name"], ""]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "button" and self.button and self.form:
            self.form.buttons.append(tuple(self.button))
            self.button = None
        elif tag == "textarea" and self.area and self.form:
            self.form.fields.append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None

    def handle_data(self, data):
        if self.button:
            self.button[2] += data.strip()
        elif self.area:
            self.area[1] += data


def forms(reply):
    parser = _Forms()
    parser.feed(reply.text)
    return parser.forms


class Person:
    """Somebody with a password at the site."""

    def __init__(self, site, name, password):
        self.site, self.name = site, name
        self.login = basic(name, password)

    def get(self, path, headers=()):
        url = path if "://" in path else self.site + path
        return ask(url, headers=[self.login, *headers])

    def post(self, path, form, headers=()):
        return ask(self.site + path, "POST", [self.login, *headers], form)

    def send(self, reply, button, changes=(), with_text=None):
        """Sends a form of a page by one of its buttons; `changes` are fields typed over."""
        for form in forms(reply):
            words = [b for b in form.buttons if b[2] == button]
            if words and (with_text is None or with_text in str(form.fields)):
                changes = dict(changes)
                fields = [(n, v) for n, v in form.fields if n not in changes]
                fields += list(changes.items())
                if words[0][0]:
                    fields.append(words[0][:2])
                return self.post(form.action, fields)
        raise AssertionError(f"no form with the button {button!r} on this page: {reply}")

    def consent(self, url, button="Allow"):
        """Answers an application's question. Returns the address where the answer leads."""
        reply = self.get(url)
        if reply.status == 200:
            reply = self.send(reply, button)
        place = reply.header("Location")
        if reply.status not in (302, 303) or not place:
            raise AssertionError(f"no redirect: {reply}")
        return place

    def revoke(self, client_id):
        """Under Authorized applications."""
        return self.send(self.get("/console/authorized"), "Revoke", with_text=client_id)
