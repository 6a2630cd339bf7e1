"""T6, third part: killed between commit and reply, at the call that would send the reply. After the
next start the request is sent again with its key: it is answered, and has had one effect."""

from . import requests
from .gang import Member, frame
from .outcome import Violation
from .requests import LOCAL
from .t06_cuts import Cuts
from .tracing import attach, need_strace

SENDS = ("sendto", "sendmsg", "writev")


class Losses(Cuts):
    """The same requests as there; the reply is never sent."""

    folder = "lost"

    def all(self):
        case = 0
        for number in range(len(self.requests()) * self.run.count("lost replies")):
            case += 1
            if self.run.case in (None, case):
                make = self.requests()[number % len(self.requests())]
                try:
                    self.lose(make)
                except (Violation, ConnectionError) as error:
                    self.outcome.violate(f"{make.__name__}, case {case}: {error}",
                                         self.run.replay("T6-lost", case))
                self.outcome.case()

    def lose(self, make):
        name, fields, user, grants = make()
        before = self.link.call("BARRIER", {})["position"]
        member = Member(self.service.socket)
        tracer = self.attach()
        member.send(frame(name, fields))
        try:
            member.raw()
            raise Violation("the reply came: the service was not killed at it")
        except ConnectionError:
            pass
        tracer.communicate()
        self.service.process.wait()
        member.close()
        self.link.close()
        self.service.start()
        self.link = requests.connect(self.service.socket)
        if self.run.durability != "volatile" and self.link.hello["position"] <= before:
            raise Violation("a reply was about to leave for what was not committed")
        again = Member(self.service.socket)
        again.send(frame(name, fields))
        status, reply = again.reply(name)
        again.close()
        if status:
            raise Violation(f"the repetition was refused with status {status:#x}")
        found = len(list(requests.pages(self.link, "GRANT_LIST", "grants", acting=LOCAL, user=user,
                                        clientId="")))
        if found != grants:
            raise Violation(f"{found} grants where one effect leaves {grants}")
        if grants:
            tokens = reply["tokens"][0] if name == "ISSUE" else reply["tokens"]
            if requests.verdicts(self.link, [tokens["accessToken"]]) != [0]:
                raise Violation("the token of the repetition is not valid")

    def attach(self):
        """strace on every thread; it kills at the next reply."""
        return attach(self.service.process.pid, "/dev/null", SENDS,
                      [",".join(SENDS) + ":signal=SIGKILL:when=1"])


def run(run, outcome):
    need_strace()
    losses = Losses(run, outcome)
    try:
        losses.all()
    finally:
        losses.end()
