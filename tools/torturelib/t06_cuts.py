"""T6, second part: the reply is lost. The connection is cut at every byte of it, and the request
sent again with its key: the same reply, one effect."""

import random

from . import requests
from .gang import Member, frame
from .load import base_app
from .outcome import Violation
from .requests import LOCAL, NO_KEY, wire
from .service import Service


class Cuts:
    """Reads `cut` bytes of a reply and closes, for every cut from 0 to the whole."""

    folder = "cuts"

    def __init__(self, run, outcome):
        self.service = Service(run.programs, run.folder(self.folder), run.durability)
        self.outcome, self.run = outcome, run
        self.random = random.Random(f"{run.seed}/cuts")
        self.service.start()
        self.service.switch_on()
        self.client, self.secret = base_app(self.service.socket)
        self.link = requests.connect(self.service.socket)
        self.number = 0

    def grant(self):
        self.number += 1
        return self.link.call("ISSUE", requests.issue(
            NO_KEY, self.client, [f"c{self.number}"]))["tokens"][0]

    def requests(self):
        """Functions that make a request which has not been sent yet, with the user it is for."""
        def issue():
            self.number += 1
            user = f"c{self.number}"
            return "ISSUE", requests.issue(self.key(), self.client, [user]), user, 1

        def exchange():
            self.number += 1
            user = f"c{self.number}"
            reply = self.link.call("AUTHORIZE", requests.authorize(NO_KEY, self.client, user))
            code = requests.code_of(reply["redirect"])
            return "EXCHANGE", requests.exchange(
                self.key(), self.client, self.secret, code), user, 1

        def refresh():
            first = self.grant()
            return "REFRESH", requests.refresh(
                self.key(), self.client, self.secret, first["refreshToken"]), \
                f"c{self.number}", 1

        def revoke():
            first = self.grant()
            return "REVOKE", {"key": self.key(), "subject": first["grant"]}, f"c{self.number}", 0
        return [issue, exchange, refresh, revoke]

    def key(self):
        return self.random.randbytes(16)

    def all(self):
        case = 0
        for make in self.requests():
            cut, length = 0, None
            while length is None or cut <= length:
                case += 1
                if self.run.case in (None, case) or length is None:
                    try:
                        length = self.one(make, cut)
                    except (Violation, ConnectionError) as error:
                        self.outcome.violate(f"{make.__name__}, cut at byte {cut}: {error}",
                                             self.run.replay("T6-cut", case))
                        length = length or 0
                    self.outcome.case()
                cut += 1

    def one(self, make, cut):
        """Returns the length of the whole reply."""
        name, fields, user, grants = make()
        first = Member(self.service.socket)
        first.send(frame(name, fields))
        taken = first.exactly(cut)
        first.close()
        again = Member(self.service.socket)
        again.send(frame(name, fields))
        header = again.exactly(wire.HEADER_BYTES)
        whole = header + again.exactly(wire.decode_header(header).length)
        again.close()
        if wire.decode_header(header).status:
            raise Violation(f"the repetition was refused with status "
                            f"{wire.decode_header(header).status:#x}")
        if whole[:cut] != taken:
            raise Violation("the repetition's reply differs from the first")
        found = len(list(requests.pages(self.link, "GRANT_LIST", "grants", acting=LOCAL, user=user,
                                        clientId="")))
        if found != grants:
            raise Violation(f"{found} grants where one effect leaves {grants}")
        if grants:
            reply = wire.decode_body(requests.OPERATIONS[name].reply, whole[16:])["tokens"]
            token = (reply[0] if name == "ISSUE" else reply)["accessToken"]
            if requests.verdicts(self.link, [token]) != [0]:
                raise Violation("the token of the repetition is not valid")
        return len(whole)

    def end(self):
        self.link.close()
        self.service.stop()


def run(run, outcome):
    cuts = Cuts(run, outcome)
    try:
        cuts.all()
    finally:
        cuts.end()
