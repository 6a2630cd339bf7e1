"""Every page as a screen reader gets it, in a site of its own: its people begin with nothing, and
its provider begins switched off."""

import contextlib
import urllib.parse

from selenium.webdriver.common.keys import Keys

from . import access_plants
from .access_rules import Expected, Heard, judge, same_titles
from .access_tree import GROUPS, AccessTree
from .browser import Browser
from .person import Person, forms
from .stack import Stack

CALLBACK = "https://app.example/callback"
OWN_SCHEME = "example.app:///callback"
SCOPES = "deploy read write"
LONG = "It keeps what everybody should know, in pages that everybody may change. " * 6
REQUIRED = ("Display name", "Description", "Homepage", "Callback URLs")
MISSING = "no-such-application"


class Listener:
    """Somebody who opens pages and hears them. `titles` are those of all listeners."""

    def __init__(self, tally, browser, titles):
        self.tally, self.browser, self.titles = tally, browser, titles

    def hear(self, purpose, state="", **expected):
        """Judges the page that is open. `purpose`: pages with another one have another title."""
        tree = AccessTree.read(self.browser.driver)
        heard = Heard(tree, tree.walk(self.browser.driver), Expected(**expected))
        name = f"{self.browser.person} hears {purpose}" + (f", {state}" if state else "")
        self.tally.case(name, [], judge(heard))
        self.titles.setdefault(tree.title, []).append(purpose)

    def open(self, path, purpose, state="", **expected):
        self.browser.open(path)
        self.hear(purpose, state, **expected)

    def press(self, words, purpose, state="", within=None, **expected):
        self.browser.press(words, within)
        self.hear(purpose, state, **expected)

    def change(self, script):
        """The page as it would be after something that a form cannot do."""
        self.browser.driver.execute_script(script)

    def spoil(self):
        """Takes the form's token away, as a restart does."""
        self.change("document.querySelectorAll('[name=csrf]').forEach(e => { e.value = 'x' })")


class Place:
    """The site with an application for each state that a page can be in."""

    def __init__(self, site):
        self.site = site
        self.alice = Person(site.url, "alice", site.passwords["alice"])
        self.ids = {}

    def register(self, name, *arguments, key=None):
        made, _ = self.site.register(name, CALLBACK, "--scopes", SCOPES, "--as", "alice",
                                     *arguments)
        self.ids[key or name] = made

    def fill(self):
        """Twins: nothing stops two applications from having one name."""
        self.register("Wiki", "--description", LONG, "--icon", self.site.url + "/icon.png")
        self.register("Chat", "--public")
        self.register("Twin", key="first twin")
        self.register("Twin", key="second twin")
        self.settings("dynamic-registration=true")
        made = self.site.ctl("apps", "register-dynamic", "--name", "Phone", "--auth-method", "none",
                             "--redirect-uri", OWN_SCHEME, "--scope", SCOPES)
        self.ids["Phone"] = made["clientId"]

    def path(self, name, act=""):
        return f"/console/applications/{self.ids[name]}" + (f"/{act}" if act else "")

    def question(self, name, scope=SCOPES, callback=CALLBACK, **more):
        query = {"response_type": "code", "client_id": self.ids.get(name, name), "scope": scope,
                 "redirect_uri": callback, "state": "s", **more}
        return "/oauth/authorize?" + urllib.parse.urlencode(query)

    def settings(self, *arguments):
        self.site.ctl("settings", "set", *arguments)


def run(tally, site):
    own = Stack(site.path("bin"))
    titles, status, failed = {}, None, tally.failed
    print(f"logs of its own site, kept when anything fails: {own.path('logs')}", flush=True)
    try:
        own.start()
        own.ctl("settings", "set", f"issuer={own.issuer}")
        with contextlib.ExitStack() as opened:
            alice, admin = (
                Listener(tally, opened.enter_context(
                    Browser(own.url, name, own.passwords[name])), titles)
                for name in ("alice", "admin"))
            place = Place(own)
            _pages(place, alice, admin)
            status = _away(place, alice)
            tally.case("each title is of pages of one purpose", [], list(same_titles(titles)))
            access_plants.run(tally, alice.browser.driver)
    finally:
        statuses = own.stop()
    tally.case("its own site ends on SIGTERM", {"signetd": 0, "nginx": 0, "signetweb": 0},
               {"signetd": status, **statuses})
    if tally.failed == failed:
        own.remove()


def _pages(place, alice, admin):
    _switched_off(place, alice, admin)
    _system(place, alice, admin)
    _registration(alice, admin)
    place.fill()
    _lists(place, alice, admin)
    _application(place, alice)
    _edit(place, alice, admin)
    _consent(place, alice)
    _consent_refused(place, alice)
    _authorized(place, alice)
    _ends(place, alice)
    _errors(place, alice)
    _skip(alice)


def _switched_off(place, alice, admin):
    off = "OAuth is switched off"
    alice.open("/console/applications", "applications", "the provider off, none")
    alice.open("/console/applications/new", off, "registration")
    alice.open(place.question(MISSING), off, "consent")
    alice.open("/console/authorized", "authorized", "the provider off, none")
    admin.open("/console/system", "system console", "the provider off")


def _system(place, alice, admin):
    """The switches. A page on which none is chosen is nothing that a browser offers."""
    questions = [node.name for node in AccessTree.read(admin.browser.driver).all(*GROUPS)]
    admin.change("document.querySelectorAll('[type=radio]').forEach(e => { e.checked = false })")
    admin.press("Save", "system console, refused", "nothing chosen", notice="alert",
                wrong=questions)
    admin.open("/console/system", "system console", "again")
    admin.spoil()
    admin.press("Save", "system console, refused", "an old form", notice="alert")
    admin.browser.choose("Enable OAuth 2.0 service provider", "On")
    admin.press("Save", "system console", "saved", notice="status")
    alice.open("/console/system", "system console for others")
    # Still for administrators only.
    alice.open("/console/applications/new", "registration", "restricted")
    for label, text in zip(REQUIRED, ("Wiki", "Pages.", "https://app.example/", CALLBACK)):
        alice.browser.fill(label, text)
    alice.press("Register", "not allowed", "registration")
    place.settings("restrict-integrations-to-admins=false")


def _registration(alice, admin):
    new = "/console/applications/new"
    alice.open(new, "registration", "empty")
    alice.press("Register", "registration, refused", "nothing typed", notice="alert",
                wrong=REQUIRED)
    given = {"Display name": "Notes", "Description": "Keeps notes.\nAnd more.",
             "Homepage": "no address", "Icon URL (optional)": "no address either"}
    for label, text in given.items():
        alice.browser.fill(label, text)
    alice.press("Register", "registration, refused", "no callback", notice="alert",
                wrong=["Callback URLs"], typed=given)
    given["Callback URLs"] = "https://app.example/a\nhttps://app.example/#b"
    alice.browser.fill("Callback URLs", given["Callback URLs"])
    alice.press("Register", "registration, refused", "a wrong address", notice="alert",
                wrong=["Homepage"], typed=given)
    given["Homepage"] = "https://app.example/"
    given["Icon URL (optional)"] = ""
    for label in ("Homepage", "Icon URL (optional)"):
        alice.browser.fill(label, given[label])
    alice.press("Register", "registration, refused", "a wrong callback", notice="alert",
                wrong=["Callback URLs"], typed=given)
    alice.spoil()
    given["Callback URLs"] = CALLBACK
    alice.browser.fill("Callback URLs", CALLBACK)
    alice.press("Register", "registration, refused", "an old form", notice="alert", typed=given)
    alice.press("Register", "application Notes", "registered", notice="status",
                said=[("Notes", "Client id", "Client secret", "sgs_", "Callback URLs", CALLBACK)])
    alice.browser.driver.refresh()
    alice.hear("application Notes, without its secret", "read again", notice="alert")
    admin.open(new, "registration", "empty")
    admin.press("Register", "registration, refused", "nothing typed", notice="alert",
                wrong=REQUIRED)


def _lists(place, alice, admin):
    mine = "/console/applications"
    alice.open(mine, "applications", "five, two of them with one name")
    alice.open(f"{mine}?q=wiki", "applications", "found")
    alice.open(f"{mine}?q=nothing", "applications", "nothing found")
    for number in range(24):
        place.register(f"Page {number}", "--description", LONG)
    admin.open(place.path("Phone"), "application Phone", "registered by itself")
    admin.open(mine, "applications", "all")
    admin.press("Next page", "applications", "the next page")
    admin.open(f"{mine}?mine=1", "applications", "only the own, none")
    admin.open(f"{mine}?q=page", "applications", "found among many")


def _application(place, alice):
    alice.open(place.path("Wiki"), "application Wiki")
    alice.open(place.path("Chat"), "application Chat", "public")
    alice.open(place.path("Chat", "secret"), "there is no secret", "a public one")
    alice.open(place.path("Wiki", "secret"), "secret of Wiki", "the question")
    alice.open(place.path("first twin", "secret"), "secret of Twin", "the question")
    alice.browser.open(place.path("Wiki", "secret"))
    alice.spoil()
    alice.press("Regenerate secret", "secret of Wiki, refused", "an old form", notice="alert")
    alice.press("Regenerate secret", "application Wiki", "with a new secret", notice="status",
                said=[("Wiki", "Client secret", "sgs_", CALLBACK)])


def _edit(place, alice, admin):
    wiki, refused = place.path("Wiki", "edit"), "edit Wiki, refused"
    alice.open(wiki, "edit Wiki")
    alice.open(place.path("Chat", "edit"), "edit Chat", "public")
    alice.browser.open(wiki)
    alice.browser.fill("Homepage", "ftp://app.example/")
    alice.press("Save", refused, "a wrong address", notice="alert", wrong=["Homepage"],
                typed={"Homepage": "ftp://app.example/", "Display name": "Wiki"})
    admin.open(wiki, "edit Wiki", "somebody else's")
    alice.browser.fill("Homepage", "https://app.example/wiki")
    admin.browser.fill("Description", "Changed meanwhile.")
    admin.press("Save", "application Wiki", "saved", notice="status")
    alice.press("Save", refused, "changed meanwhile", notice="alert",
                typed={"Homepage": "https://app.example/wiki"})
    alice.press("Save", "application Wiki", "saved", notice="status")


def _consent(place, alice):
    scopes = ("Use the permission deploy", "See what you may see read",
              "Change what you may change write")
    answers = ["Deny", "Allow"]
    alice.open(place.question("Wiki"), "consent to Wiki", "all new", buttons=answers,
               said=[("Wiki", *scopes), ("Wiki", "app.example")])
    challenge = {"code_challenge": "A" * 43, "code_challenge_method": "S256"}
    alice.open(place.question("Phone", callback=OWN_SCHEME, **challenge), "consent to Phone",
               "a public one with a scheme of its own", buttons=answers,
               said=[("Phone", *scopes), ("Phone", "example.app:")])
    place.alice.consent(place.question("Wiki", scope="read"))
    alice.open(place.question("Wiki"), "consent to Wiki", "wider scopes", buttons=answers,
               said=[("Wiki", scopes[0] + " new", scopes[1] + " allowed before",
                      scopes[2] + " new"), ("Wiki", "app.example")])


def _consent_refused(place, alice):
    """The question answered before, and a form that was changed."""
    alice.browser.open(place.question("Wiki"))
    form = forms(_Shown(alice.browser.driver.page_source))[0]
    place.alice.post(form.action, [*form.fields, ("decision", "deny")])
    alice.press("Allow", "a closed question")
    alice.browser.open(place.question("Wiki"))
    alice.spoil()
    alice.press("Allow", "nothing allowed", "an old form")
    alice.browser.open(place.question("Wiki"))
    alice.change("document.getElementById('allow').value = 'maybe'")
    alice.press("Allow", "not understood", "another answer")


class _Shown:
    """What a browser shows, to be read as a reply."""

    def __init__(self, text):
        self.text = text


def _authorized(place, alice):
    alice.open("/console/authorized", "authorized", "one")
    for name in ("first twin", "second twin"):
        place.alice.consent(place.question(name))
    alice.open("/console/authorized", "authorized", "three, two of them with one name")
    alice.spoil()
    alice.press("Revoke", "authorized, refused", "an old form", within="Wiki", notice="alert")
    alice.press("Revoke", "authorized", "revoked", within="Wiki", notice="status")


def _ends(place, alice):
    alice.open(place.path("Chat", "delete"), "delete Chat", "the question")
    alice.open(place.path("Wiki", "delete"), "delete Wiki", "the question")
    alice.spoil()
    alice.press("Delete", "delete Wiki, refused", "an old form", notice="alert")
    alice.press("Delete", "applications", "deleted", notice="status")


def _errors(place, alice):
    nothing = "no such page"
    alice.open("/console/nothing", nothing, person=False)
    alice.open(place.path("Chat", "nothing"), nothing, "below an application", person=False)
    alice.open("/oauth/consent", "another method", person=False)
    alice.open(f"/console/applications/{MISSING}", "no such application")
    alice.open(place.question(MISSING), "unknown application", "consent")
    alice.open(place.question("Chat", callback="https://other.example/"), "wrong callback",
               "consent")
    alice.open("/console/applications?after=x", "not understood", "a changed address")
    place.site.ctl("users", "disable", "alice")
    alice.open(place.question("first twin"), "a disabled account", "consent")
    place.site.ctl("users", "enable", "alice")


def _skip(alice):
    """The first link leads past the navigation, and Tab goes on from there."""
    driver = alice.browser.driver
    alice.browser.open("/console/applications/new")
    alice.browser.type_keys(Keys.TAB)
    alice.browser.type_keys(Keys.ENTER)
    skipped_to = driver.switch_to.active_element.get_attribute("id")
    alice.browser.type_keys(Keys.TAB)
    alice.tally.case("Skip to content: the main part, then its first field",
                     ("main", "client_type"),
                     (skipped_to, driver.switch_to.active_element.get_attribute("name")))


def _away(place, alice):
    """The service stops while a form is filled in. Returns its status."""
    alice.browser.open("/console/applications/new")
    given = {"Display name": "Late", "Description": "Comes later.",
             "Homepage": "https://app.example/", "Callback URLs": CALLBACK}
    for label, text in given.items():
        alice.browser.fill(label, text)
    status = place.site.stop_one("signetd")
    alice.press("Register", "registration, refused", "the service away", notice="alert",
                typed=given)
    alice.open("/console/applications", "the service is away")
    return status
