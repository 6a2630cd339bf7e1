"""The auditor: reads the ledger, looks at the service, and says where they differ."""

import random

from . import requests
from .ledger import Reader
from .model import Model
from .outcome import Violation
from .requests import LOCAL, Refused

SAMPLE = 60


class Auditor:
    """`position` and `instance` must never go back, or change, over the starts of one service."""

    def __init__(self, path, seed, outcome):
        self.reader = Reader(path)
        self.model = Model()
        self.random = random.Random(f"audit/{seed}")
        self.outcome = outcome
        self.instance = None
        self.before = set()

    def read(self):
        """Takes in what the driver wrote."""
        for line in self.reader.new():
            try:
                self.model.take(line)
            except Violation as violation:
                self.outcome.violate(str(violation))

    def peek(self):
        """The lines that `read` will take."""
        return Reader(self.reader.path).new()

    def look(self, path, everything=False):
        """Compares the running service with the ledger, which must be complete: no op is under way.
        Looks at every access token and grant, and at the refresh tokens and secrets of what the
        last two sessions touched (or of everything)."""
        touched, self.model.touched = self.model.touched, set()
        recent, self.before = touched | self.before, touched
        with requests.connect(path) as link:
            self.look_at_store(link)
            listed = {}
            for grant in requests.pages(link, "GRANT_LIST", "grants", acting=LOCAL, user="",
                                        clientId=""):
                listed[grant["user"]] = listed.get(grant["user"], 0) + 1
            self.look_at_grants(link, listed, self.chosen(self.model.grants, recent, everything))
            self.look_at_apps(link, self.chosen(self.model.apps, recent, everything))
            self.look_at_values(link)

    def chosen(self, things, recent, everything):
        if everything:
            return set(things)
        names = list(things)
        return (recent & set(names)) | set(self.random.sample(names, min(SAMPLE, len(names))))

    def check(self, thing, *seen):
        try:
            thing.seen(*seen)
        except Violation as violation:
            self.outcome.violate(str(violation))

    def look_at_store(self, link):
        hello = link.hello
        if self.instance not in (None, hello["instance"]):
            self.outcome.violate("the service came back with another instance: another store")
        self.instance = hello["instance"]
        if hello["position"] < self.model.position:
            self.outcome.violate(f"the service is at position {hello['position']}; position "
                                 f"{self.model.position} had been acknowledged")

    def look_at_grants(self, link, listed, chosen):
        grants = list(self.model.grants.values())
        texts = [text for each in grants for text in each.access]
        verdicts = dict(zip(texts, requests.verdicts(link, texts)))
        waiting = {}
        for each in grants:
            if each.name in chosen:
                # All but the last were superseded; one more is looked at, that it stays dead.
                for index in range(max(0, len(each.refresh) - 2), len(each.refresh)):
                    waiting[each.name, index] = link.send(
                        "INTROSPECT", {"token": each.refresh[index]})
        active = {key: link.receive(request)["active"] for key, request in waiting.items()}
        for each in grants:
            valid = {n for n, text in enumerate(each.access) if verdicts[text] == 0}
            refresh = None
            if each.name in chosen:
                refresh = {n for n in range(len(each.refresh)) if active.get((each.name, n))}
            self.check(each, valid, refresh, listed.pop(each.user, 0))
        for user, count in listed.items():
            self.outcome.violate(f"phantom: {count} grants of {user}, for whom none was asked")

    def look_at_apps(self, link, chosen):
        found = {}
        for app in requests.pages(link, "APP_LIST", "apps", acting=LOCAL, all=True):
            if app["name"] in found:
                self.outcome.violate(f"the app {app['name']} is there twice")
            found[app["name"]] = app
        if found.pop("base", None) is None:
            self.outcome.violate("the app base, acknowledged before the load began, is gone")
        for each in self.model.apps.values():
            app = found.pop(each.name, None)
            good = None
            if each.name in chosen and each.client:
                good = {n for n in range(max(0, len(each.secrets) - 2), len(each.secrets))
                        if self.authenticates(link, each.client, each.secrets[n])}
            self.check(each, app is not None, app and app["description"], good)
        for name in found:
            self.outcome.violate(f"phantom: an app {name}, which nobody registered")

    @staticmethod
    def authenticates(link, client, secret):
        try:
            link.call("CLIENT_INTROSPECT", {
                "client": requests.auth(client, secret), "token": "sga_x"})
            return True
        except Refused as refused:
            if refused.status.name in ("INVALID_CLIENT", "RATE_LIMITED"):
                return False
            raise

    def look_at_values(self, link):
        for setting in link.call("SETTINGS_GET", {"acting": LOCAL})["settings"]:
            if setting["name"] == "grants-per-user":
                self.check(self.model.values["setting"], setting["value"])
        for key in link.call("KEYS_LIST", {})["keys"]:
            if key["state"] == 1:
                self.check(self.model.values["key"], key["keyId"])

    def summary(self):
        counts = self.model.counts
        return (f"{counts['acked']} acknowledged, {counts['unknown']} unknown, "
                f"{counts['error']} refused")
