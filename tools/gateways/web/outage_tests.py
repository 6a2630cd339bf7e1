"""The provider switched off, and parts of the site that are away and come back."""

from .api import ME
from .person import Person, ask, basic


def run(tally, stack):
    alice = Person(stack.url, "alice", stack.passwords["alice"])
    app, _ = stack.register("Outage", "https://app.example/callback", "--scopes", "read")
    machine, secret = stack.register("Outage machine", "https://app.example/callback", "--grant",
                                     "client_credentials")
    made = stack.ctl("issue", "--client", app, "--user", "alice", "--scope", "read")
    token = made["tokens"][0]["accessToken"]

    def seen():
        """(console, consent, token endpoint and its error, userinfo, API)."""
        query = (f"/oauth/authorize?response_type=code&client_id={app}"
                 "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=read")
        grant = ask(stack.url + "/oauth/token", "POST", [basic(machine, secret)],
                    {"grant_type": "client_credentials"})
        bearer = [("Authorization", "Bearer " + token)]
        return (alice.get("/console/applications").status, alice.get(query).status, grant.status,
                ask(stack.url + "/oauth/userinfo", headers=bearer).status,
                ask(stack.url + ME, headers=bearer).status)

    usual = (200, 200, 200, 200, 200)
    tally.case("as usual: console, consent, token, userinfo, API", usual, seen())
    stack.ctl("settings", "set", "provider-enabled=false")
    tally.case("provider off: the console goes on, nothing is granted or validated",
               (200, 501, 501, 503, 503), seen())
    stack.ctl("settings", "set", "provider-enabled=true")
    tally.case("provider on again", usual, seen())
    stack.stop_one("signetd")
    away = (503, 503, 503, 503, 503)
    tally.case("signetd away: everything is refused", away, seen())
    page = alice.get("/console/applications")
    tally.case("signetd away: a page says so, and when to come back", (True, True),
               ("cannot be reached" in page.text, page.header("Retry-After") is not None))
    stack.start_signetd()
    tally.case("signetd is back, signetweb and nginx were not touched", usual, seen())
    stack.stop_one("signetweb")
    tally.case("signetweb away: the API goes on", (502, 502, 502, 502, 200), seen())
    stack.start_signetweb()
    tally.case("signetweb is back", usual, seen())
