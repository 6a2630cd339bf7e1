"""One connection of the driver: a random but seeded mix of mutations on things that are its own, up
to DEPTH of them in flight, never two on the same thing."""

import random
import threading

from . import requests
from .requests import LOCAL, Refused, SignetError, person

DEPTH = 6
LIVE_WANTED = 24
RETRY_SHARE = 0.5
TRANSIENT = ("BUSY", "DRAINING", "DISK_FULL", "RATE_LIMITED")


class Thing:
    """Something that the service keeps for this actor: a grant (from its code on), an app, or a
    global. `phase`: new, code, live, partial (the access token is dead), dead, unsure."""

    def __init__(self, name, app=None):
        self.name, self.app = name, app
        self.phase = "new"
        self.busy = 0
        # An app whose secret is being changed, or that is being deleted.
        self.locked = False
        # Of a grant: the app with the secret that is good now.
        self.owner = None
        self.user = self.client = self.secret = ""
        self.code = self.access = self.refresh = self.grant = ""


class Op:
    """One request, as it will be sent again if nobody knows what became of it."""

    def __init__(self, number, kind, thing, name, fields, **members):
        self.number, self.kind, self.thing, self.name = number, kind, thing, name
        self.fields, self.members = fields, members


class Actor:
    """`index` and `seed` decide what it does; `base` is the app that nobody changes."""

    def __init__(self, path, ledger, seed, index, base):
        self.path, self.ledger, self.index = path, ledger, index
        self.random = random.Random(f"{seed}/{index}")
        self.base = Thing("base")
        self.base.client, self.base.secret = base
        self.base.phase = "live"
        self.things = []
        self.apps = []
        self.lost = []
        self.counter = 0
        self.globals = [Thing("setting"), Thing("key")] if index == 0 else []
        self.rotations = 0
        self.link = None
        # Set with the first reply of a session.
        self.first = threading.Event()

    def key(self):
        return self.random.randbytes(16)

    def fresh(self, prefix, app=None):
        self.counter += 1
        return Thing(f"{prefix}{self.index}-{self.counter}", app)

    # ---- A session: from one start of the service to its end ------------------------------

    def session(self, budget, enough):
        """Works until the connection breaks, `budget` ops were sent, or `enough` is set."""
        waiting = {}
        try:
            with requests.connect(self.path) as link:
                self.link = link
                self.send_again(link)
                while not enough.is_set() and (budget is None or budget > 0):
                    while len(waiting) < DEPTH and (budget is None or budget > 0):
                        op = self.choose()
                        self.send(link, op, waiting)
                        budget = budget if budget is None else budget - 1
                    self.take(link, waiting)
                while waiting:
                    self.take(link, waiting)
        except SignetError:
            for op in waiting.values():
                self.give_up(op)

    def cut(self):
        """Ends the connection from another thread."""
        if self.link is not None:
            self.link.cut()

    def send(self, link, op, waiting, retry=False):
        self.hold(op, 1)
        self.ledger.write(op.number, "sent", kind=op.kind, item=op.thing.name, retry=retry,
                          **op.members)
        # From here on it is unknown what became of it until a reply says so.
        marker = object()
        waiting[marker] = op
        request_id = link.send(op.name, op.fields)
        del waiting[marker]
        waiting[request_id] = op

    def take(self, link, waiting):
        request_id = link.receive_any()
        self.first.set()
        op = waiting[request_id]
        try:
            reply = link.receive(request_id)
        except Refused as refused:
            del waiting[request_id]
            self.refused(op, refused)
            return
        del waiting[request_id]
        self.hold(op, -1)
        self.done(op, reply)

    def hold(self, op, step):
        op.thing.busy += step
        if op.thing.app is not None:
            op.thing.app.busy += step

    def give_up(self, op):
        self.hold(op, -1)
        self.ledger.write(op.number, "unknown")
        op.thing.phase = "unsure"
        self.lost.append(op)

    def send_again(self, link):
        """Half of what is unknown is asked again with its key; the rest stays unknown for good."""
        lost, self.lost = self.lost, []
        waiting = {}
        again = [op for op in lost if self.random.random() < RETRY_SHARE]
        try:
            while again:
                self.send(link, again.pop(), waiting, retry=True)
            while waiting:
                self.take(link, waiting)
        except SignetError:
            for op in waiting.values():
                self.give_up(op)
            self.lost += again
            raise

    def refused(self, op, refused):
        self.hold(op, -1)
        op.thing.locked = False
        self.ledger.write(op.number, "error", status=refused.status.name)
        if refused.status.name in TRANSIENT and op.thing.phase != "unsure":
            return
        if op.kind == "replay":
            op.thing.phase = "dead"
        elif op.kind != "issue-disabled":
            op.thing.phase = "unsure"

    # ---- What an op that was answered did --------------------------------------------------

    def done(self, op, reply):
        thing, members = op.thing, {}
        thing.locked = False
        if op.kind in ("issue", "exchange", "refresh"):
            found = reply["tokens"][0] if op.kind == "issue" else reply["tokens"]
            thing.access, thing.refresh = found["accessToken"], found["refreshToken"]
            thing.grant, thing.phase = found["grant"], "live"
            members = {"access": thing.access, "refresh": thing.refresh}
        elif op.kind == "code":
            thing.code, thing.phase = requests.code_of(reply["redirect"]), "code"
        elif op.kind == "revoke-access":
            thing.phase = "partial"
        elif op.kind in ("revoke-grant", "revoke-user", "disable-user", "deauthorize"):
            thing.phase = "disabled" if op.kind == "disable-user" else "dead"
        elif op.kind == "app-register":
            thing.client, thing.secret, thing.phase = (
                reply["clientId"], reply["clientSecret"], "live")
            members = {"client": thing.client, "secret": thing.secret}
        elif op.kind == "app-secret":
            thing.secret = reply["clientSecret"]
            members = {"secret": thing.secret}
        elif op.kind == "app-delete":
            thing.phase = "dead"
            for each in self.things:
                each.phase = "dead" if each.app is thing else each.phase
        elif op.kind == "key-rotate":
            members = {"keyId": reply["keyId"]}
        if thing.phase == "unsure":
            thing.phase = "live"
        self.ledger.write(op.number, "acked", position=reply["position"], **members)

    # ---- What to do next ---------------------------------------------------------------------

    def free(self, *phases):
        found = [each for each in self.things if each.phase in phases and not each.busy
                 and (each.app is None or each.app.phase == "live" and not each.app.locked)]
        return self.random.choice(found) if found else None

    def choose(self):
        """The next op; there is always one, because a new grant can always be asked for."""
        if len(self.things) > 400:
            self.things = [each for each in self.things if each.busy or each.phase not in
                           ("dead", "unsure")]
        if self.globals and self.random.random() < 0.02:
            op = self.change_global()
            if op:
                return op
        dice = self.random.random()
        if dice < 0.10:
            op = self.change_app()
        elif dice < 0.30:
            op = self.on(self.free("live", "partial"), self.refresh)
        elif dice < 0.50:
            op = self.on(self.free("live", "partial"), self.revoke)
        elif dice < 0.65:
            op = self.on(self.free("code"), self.exchange)
        elif dice < 0.68:
            found = [each for each in self.things if each.code and each.phase == "live"
                     and not each.busy and each.app is None]
            op = self.on(self.random.choice(found) if found else None, self.replay)
        elif dice < 0.70:
            op = self.on(self.free("disabled"), self.issue_disabled)
        elif dice < 0.85:
            op = self.code()
        else:
            op = None
        return op or self.issue()

    @staticmethod
    def on(thing, action):
        return action(thing) if thing else None

    def op(self, kind, thing, name, fields, **members):
        return Op(self.ledger.next_op(), kind, thing, name, fields, **members)

    def new_grant(self):
        usable = [each for each in self.apps
                  if each.phase == "live" and not each.locked and not each.busy]
        app = self.random.choice(usable) if usable and self.random.random() < 0.3 else None
        thing = self.fresh("g", app)
        thing.user = f"u{thing.name}"
        source = app or self.base
        thing.client, thing.owner = source.client, source
        self.things.append(thing)
        return thing

    def issue(self):
        thing = self.new_grant()
        return self.op("issue", thing, "ISSUE",
                       requests.issue(self.key(), thing.client, [thing.user]),
                       user=thing.user, app=thing.app and thing.app.name)

    def code(self):
        thing = self.new_grant()
        return self.op("code", thing, "AUTHORIZE",
                       requests.authorize(self.key(), thing.client, thing.user),
                       user=thing.user, app=thing.app and thing.app.name)

    def exchange(self, thing):
        return self.op("exchange", thing, "EXCHANGE", requests.exchange(
            self.key(), thing.client, thing.owner.secret, thing.code))

    def replay(self, thing):
        return self.op("replay", thing, "EXCHANGE", requests.exchange(
            self.key(), thing.client, thing.owner.secret, thing.code))

    def refresh(self, thing):
        return self.op("refresh", thing, "REFRESH", requests.refresh(
            self.key(), thing.client, thing.owner.secret, thing.refresh))

    def issue_disabled(self, thing):
        return self.op("issue-disabled", thing, "ISSUE",
                       requests.issue(self.key(), thing.client, [thing.user]))

    def revoke(self, thing):
        key, dice = self.key(), self.random.randrange(8)
        if dice == 0 and thing.phase == "live":
            return self.op("revoke-access", thing, "REVOKE",
                           {"key": key, "subject": thing.access})
        if dice <= 2:
            return self.op("revoke-grant", thing, "REVOKE",
                           {"key": key, "subject": thing.grant})
        if dice == 3:
            return self.op("revoke-grant", thing, "CLIENT_REVOKE", {
                "key": key, "client": requests.auth(thing.client, thing.owner.secret),
                "token": thing.refresh})
        if dice == 4:
            return self.op("revoke-grant", thing, "GRANT_REVOKE",
                           {"key": key, "acting": LOCAL, "reference": thing.grant})
        if dice == 5:
            return self.op("revoke-user", thing, "REVOKE_USER",
                           {"key": key, "user": thing.user, "reason": 0})
        if dice == 6:
            return self.op("disable-user", thing, "USER_DISABLE",
                           {"key": key, "user": thing.user})
        return self.op("deauthorize", thing, "DEAUTHORIZE", {
            "key": key, "acting": person(thing.user), "user": "", "clientId": thing.client})

    def change_app(self):
        live = [each for each in self.apps if each.phase == "live" and not each.busy]
        if len(live) < 3:
            thing = self.fresh("app")
            self.apps.append(thing)
            return self.op("app-register", thing, "APP_REGISTER", {
                "key": self.key(), "acting": LOCAL,
                "fields": requests.app_fields(thing.name, "new")}, description="new")
        thing, dice, key = self.random.choice(live), self.random.random(), self.key()
        common = {"key": key, "acting": LOCAL, "clientId": thing.client}
        if dice < 0.6:
            self.counter += 1
            text = f"change {self.counter}"
            return self.op("app-update", thing, "APP_UPDATE", {
                **common, "revision": 0, "fields": requests.app_fields(thing.name, text)},
                description=text)
        # Until it is answered, no grant of the app is touched: they present the secret.
        thing.locked = True
        if dice < 0.85:
            return self.op("app-secret", thing, "APP_REGENERATE_SECRET", common)
        return self.op("app-delete", thing, "APP_DELETE", common)

    def change_global(self):
        thing = self.random.choice(self.globals)
        if thing.busy or thing.phase == "unsure":
            return None
        if thing.name == "setting":
            value = str(self.random.randrange(400, 1_000))
            return self.op("setting", thing, "SETTINGS_SET",
                           requests.settings(self.key(), grants_per_user=value), value=value)
        if self.rotations >= 20:
            return None
        self.rotations += 1
        return self.op("key-rotate", thing, "KEYS_ROTATE", {"key": self.key()})
