"""What the ledger allows. For each thing, the set of states ("worlds") that it may be in: one after
an acknowledged op, two after an op of which nobody knows. Looking narrows the set to what was seen,
and so a thing that is unknown must stay as it was seen."""

from .outcome import Violation

# Index of a token that the service may have made and nobody holds.
NOBODYS = "nobody's"
NONE = -1
# A value that has not been looked at yet.
ANY = "any"
LATER = ("BUSY", "DRAINING", "DISK_FULL", "RATE_LIMITED")
DENIALS = ("revoke-grant", "revoke-user", "disable-user", "deauthorize")


class Grant:
    """A world: (index of the valid access token, index of the active refresh token, grants listed
    for its user, state of the code)."""

    def __init__(self, name, user, app):
        self.name, self.user, self.app = name, user, app
        self.access, self.refresh = [], []
        self.worlds = {(NONE, NONE, 0, "none")}
        self.disabled = False
        self.last_op = 0

    def after(self, kind, world, new):
        """The world that an op makes of a world. `new`: index of the tokens it gave."""
        access, refresh, count, code = world
        if kind == "issue":
            return new, new, 1, code
        if kind == "code":
            return access, refresh, count, "open"
        if kind == "exchange":
            return new, new, 1, "used"
        if kind == "refresh":
            return new, new, 1, code
        if kind == "revoke-access":
            return NONE, refresh, count, code
        if kind in DENIALS or kind in ("replay", "app-delete"):
            return NONE, NONE, 0, "used"
        return world

    def acked(self, op, line):
        kind = op["kind"]
        if kind in ("replay", "issue-disabled"):
            raise Violation(f"op {line['op']}: {kind} of {self.name} was answered OK"
                            f" at position {line['position']}")
        new = NONE
        if "access" in line:
            self.access.append(line["access"])
            self.refresh.append(line["refresh"])
            new = len(self.access) - 1
        if kind == "disable-user":
            self.disabled = True
        self.worlds = {self.after(kind, world, new) for world in self.worlds}

    def unknown(self, op):
        self.worlds |= {self.after(op["kind"], world, NOBODYS) for world in self.worlds}

    def error(self, op, line):
        kind, status = op["kind"], line["status"]
        if status in LATER:
            return
        if kind == "replay" and status == "INVALID_GRANT":
            self.worlds = {self.after(kind, world, NONE) for world in self.worlds}
        elif kind == "issue-disabled" and status == "USER_DISABLED":
            pass
        else:
            raise Violation(f"op {line['op']}: {kind} of {self.name} was refused with {status}; "
                            f"the ledger allows {sorted(map(str, self.worlds))}")

    def seen(self, access, refresh, count):
        """Narrows to what was seen: the set of valid access tokens' indices, the same of active
        refresh tokens (None: not looked at), grants listed."""
        def fits(world):
            return (access == self.held(world[0]) and refresh in (None, self.held(world[1]))
                    and count == world[2])
        left = {world for world in self.worlds if fits(world)}
        if not left:
            raise Violation(
                f"{self.name} (last op {self.last_op}): valid access tokens {sorted(access)}, "
                f"active refresh tokens {'unseen' if refresh is None else sorted(refresh)}, "
                f"{count} grants; the ledger allows {sorted(map(str, self.worlds))}"
                f" (valid access token, active refresh token, grants, code)")
        self.worlds = left

    @staticmethod
    def held(index):
        return set() if index in (NONE, NOBODYS) else {index}


class App:
    """A world: (exists, description, index of the good secret)."""

    def __init__(self, name):
        self.name = name
        self.client = None
        self.secrets = []
        self.worlds = {(False, "", NONE)}
        self.last_op = 0

    def after(self, op, world, new):
        kind = op["kind"]
        exists, description, secret = world
        if kind == "app-register":
            return True, op["description"], new
        if kind == "app-update":
            return exists, op["description"], secret
        if kind == "app-secret":
            return exists, description, new
        return False, "", NONE

    def acked(self, op, line):
        self.client = line.get("client", self.client)
        new = NONE
        if "secret" in line:
            self.secrets.append(line["secret"])
            new = len(self.secrets) - 1
        self.worlds = {self.after(op, world, new) for world in self.worlds}

    def unknown(self, op):
        self.worlds |= {self.after(op, world, NOBODYS) for world in self.worlds}

    def error(self, op, line):
        if line["status"] not in LATER:
            raise Violation(f"op {line['op']}: {op['kind']} of {self.name} was refused with "
                            f"{line['status']}; the ledger allows {sorted(map(str, self.worlds))}")

    def seen(self, exists, description, good):
        """`good`: indices of the secrets that authenticate; None when not looked at."""
        left = {world for world in self.worlds if world[0] == exists
                and (not exists or world[1] == description)
                and (good is None or Grant.held(world[2]) == good)}
        if not left:
            raise Violation(
                f"{self.name} (last op {self.last_op}): exists {exists}, description "
                f"{description!r}, good secrets {good}; the ledger allows "
                f"{sorted(map(str, self.worlds))} (exists, description, good secret)")
        self.worlds = left


class Value:
    """One value of the whole service: a setting, the primary key. A world is its value."""

    def __init__(self, name, first):
        self.name = name
        self.worlds = {first}
        self.last_op = 0

    def after(self, op, line):
        return op["value"] if op["kind"] == "setting" else line.get("keyId", NOBODYS)

    def acked(self, op, line):
        self.worlds = {self.after(op, line)}

    def unknown(self, op):
        self.worlds |= {self.after(op, {})}

    def error(self, op, line):
        if line["status"] not in LATER:
            raise Violation(f"op {line['op']}: {op['kind']} was refused with {line['status']}")

    def seen(self, value):
        known = self.worlds - {NOBODYS}
        if value not in known and not self.worlds & {NOBODYS, ANY}:
            raise Violation(f"{self.name} (last op {self.last_op}) is {value!r}; the ledger "
                            f"allows {sorted(map(str, self.worlds))}")
        self.worlds = {value}


class Model:
    """Everything the ledger speaks of."""

    def __init__(self):
        self.grants, self.apps = {}, {}
        self.values = {"setting": Value("setting grants-per-user", "500"),
                       "key": Value("the primary key", ANY)}
        self.ops = {}
        self.position = 0
        self.touched = set()
        self.counts = {"sent": 0, "acked": 0, "error": 0, "unknown": 0}

    def take(self, line):
        """One line of the ledger. Violation when what came back breaks a promise."""
        self.counts[line["event"]] += 1
        if line["event"] == "sent":
            self.ops[line["op"]] = line
            self.thing(line).last_op = line["op"]
            self.touched.add(line["item"])
            return
        op = self.ops[line["op"]]
        thing = self.thing(op)
        if line["event"] == "acked":
            self.position = max(self.position, line["position"])
            thing.acked(op, line)
            if op["kind"] == "app-delete":
                for each in self.of_app(op["item"]):
                    each.acked(op, line)
        elif line["event"] == "unknown":
            thing.unknown(op)
            if op["kind"] == "app-delete":
                for each in self.of_app(op["item"]):
                    each.unknown(op)
        else:
            thing.error(op, line)

    def of_app(self, name):
        found = [each for each in self.grants.values() if each.app == name]
        self.touched |= {each.name for each in found}
        return found

    def thing(self, line):
        name, kind = line["item"], line["kind"]
        if kind in ("setting", "key-rotate"):
            return self.values["setting" if kind == "setting" else "key"]
        if kind.startswith("app-"):
            return self.apps.setdefault(name, App(name))
        if name not in self.grants:
            self.grants[name] = Grant(name, line["user"], line["app"])
        return self.grants[name]
