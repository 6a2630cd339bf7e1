"""Who is believed, and what each part of the site may do."""

from . import accounts, fastcgi
from .person import Person

PAGES = ("/console", "/console/applications", "/console/applications/new", "/console/authorized",
         "/console/system", "/oauth/authorize", "/console/nothing", "/oauth/consent")
HEADERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def run(tally, stack):
    _users(tally, stack)
    _rights(tally, stack)
    _names(tally, stack)
    _headers(tally, stack)
    _forms(tally, stack)


def _users(tally, stack):
    if not accounts.is_root():
        tally.skip("three users", "needs root to run the parts under different uids")
        return
    uids = stack.uids()
    tally.case("signetd, signetweb and nginx's workers run as three users, none of them root",
               (3, False), (len({uids[n] for n in ("signetd", "signetweb", "nginx")}),
                            0 in uids.values()))
    seen = fastcgi.request(stack, "/oauth/style.css", who=accounts.SERVICE)
    tally.case("signetweb's socket: another user is refused", True,
               seen.startswith("refused") or "Status: 403" in seen)
    tally.case("signetweb's socket: root is refused as well", True,
               fastcgi.request(stack, "/oauth/style.css", who="root").startswith("refused"))
    seen = fastcgi.request(stack, "/oauth/style.css")
    tally.case("signetweb's socket: the web server is answered", "Status: 200", seen[:11])


def _rights(tally, stack):
    """signetweb's uid, on the only socket that it can reach, and on the others."""
    if not accounts.is_root():
        tally.skip("rights of signetweb's uid", "needs root to ask as another user")
        return
    app, _ = stack.register("Rights", "https://app.example/cb")
    asked = {"ISSUE": ("issue", "--client", app, "--user", "alice"), "KEYS": ("keys", "list"),
             "ROTATE": ("keys", "rotate"), "DISABLE": ("users", "disable", "alice"),
             "BACKUP": ("backup", "taken"), "REVOKE_USER": ("revoke-user", "alice")}
    for name, arguments in asked.items():
        run = stack.ctl_run(*arguments, socket="run/signet/front.sock", who=accounts.WEB)
        tally.case(f"signetweb's uid may not {name}", (1, True),
                   (run.returncode, "DENIED" in run.stdout.upper()))
    for name in ("admin", "nginx"):
        run = stack.ctl_run("ping", socket=f"run/signet/{name}.sock", who=accounts.WEB)
        tally.case(f"signetweb's uid does not come to {name}.sock", 3, run.returncode)
    run = stack.ctl_run("apps", "list", socket="run/signet/front.sock", who=accounts.SERVER)
    tally.case("nginx's uid does not come to front.sock", 3, run.returncode)


def _names(tally, stack):
    """Whom signetweb takes the person to be, asked without nginx in between."""
    def status(params, path="/console/system", **more):
        text = fastcgi.request(stack, path, params, **more)
        return text[8:11] if text.startswith("Status: ") else text[:60]

    def case(name, expected, *arguments, **more):
        tally.case(f"the person: {name}", expected, status(*arguments, **more))

    case("the parameter", "200", [("SIGNET_USER", "admin")])
    case("nobody", "401", [])
    case("REMOTE_USER is not believed", "401", [("REMOTE_USER", "admin")])
    case("a header is not believed", "401", [("HTTP_SIGNET_USER", "admin")])
    case("a header beside the parameter changes nothing", "403",
         [("SIGNET_USER", "alice"), ("HTTP_SIGNET_USER", "admin"), ("REMOTE_USER", "admin")])
    case("the parameter twice", "400", [("SIGNET_USER", "alice"), ("SIGNET_USER", "admin")])
    case("the parameter twice, the same", "400",
         [("SIGNET_USER", "admin"), ("SIGNET_USER", "admin")])
    case("twice, also where nobody is asked for", "400",
         [("SIGNET_USER", "alice"), ("SIGNET_USER", "admin")],
         "/.well-known/oauth-authorization-server")
    case("a name with a blank", "400", [("SIGNET_USER", "ad min")])
    case("a name too long", "400", [("SIGNET_USER", "a" * 129)])
    text = fastcgi.request(stack, "/console/applications",
                           [("SIGNET_USER", "admin"), ("HTTP_AUTHORIZATION", "Bearer sga_x")])
    tally.case("the person: a Bearer token is refused on people's pages", "403", text[8:11])
    text = fastcgi.request(stack, "/oauth/introspect", [
        ("SIGNET_USER", "admin"), ("CONTENT_TYPE", "application/x-www-form-urlencoded")],
        body=b"token=x", method="POST")
    tally.case("endpoints for apps ignore the person", "401", text[8:11])


def _headers(tally, stack):
    for name in ("alice", "admin"):
        person = Person(stack.url, name, stack.passwords[name])
        for path in PAGES:
            reply = person.get(path)
            policy = reply.header("Content-Security-Policy") or ""
            wanted = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'",
                      "form-action 'self'"]
            seen = {header: reply.header(header) for header in HEADERS}
            seen["policy"] = [part for part in wanted if part in policy]
            seen["unsafe"] = "unsafe" in policy or "data:" in policy
            expected = {**HEADERS, "policy": wanted, "unsafe": False}
            if reply.status in (301, 302, 303):  # a redirect has no page
                expected = {"Cache-Control": "no-store"}
                seen = {"Cache-Control": reply.header("Cache-Control")}
            tally.case(f"headers for {name}: {path} ({reply.status})", expected, seen)


def _forms(tally, stack):
    """A form's token is its person's, its action's and its object's."""
    alice = Person(stack.url, "alice", stack.passwords["alice"])
    admin = Person(stack.url, "admin", stack.passwords["admin"])
    new = "/console/applications/new"
    typed = {"name": "Forged", "description": "x", "homepage": "https://app.example/",
             "callbacks": "https://app.example/cb"}
    tokens = {}
    for who, person in (("alice", alice), ("admin", admin)):
        page = person.get(new)
        tokens[who] = page.text.partition('name="csrf" value="')[2].partition('"')[0]
    for name, token in (("none", None), ("empty", ""), ("another person's", tokens["admin"]),
                        ("changed", tokens["alice"][:-2] + "AA")):
        form = dict(typed, **({"csrf": token} if token is not None else {}))
        reply = alice.post(new, form)
        tally.case(f"form token: {name}: refused, and what was typed is kept", (True, True),
                   (reply.status in (400, 403), "Forged" in reply.text))
    reply = admin.post("/console/system", {"csrf": tokens["admin"], "provider-enabled": "false"})
    tally.case("form token: of another form", True, reply.status in (400, 403))
    tally.case("nothing was done", False, "Forged" in alice.get("/console/applications").text)
