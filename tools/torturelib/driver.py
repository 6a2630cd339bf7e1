"""The driver process: many connections, one ledger. It outlives the service.

  driver.py SOCKET LEDGER SEED CONNECTIONS CLIENT SECRET

Commands on standard input, an answer on standard output: `go` or `go N` (at most N ops a
connection) works until the connections break; answers `busy` with the first reply, `down` at the
end; `stop` ends the work early, `cut` ends the connections.
"""

import os
import sys
import threading

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
    sys.dont_write_bytecode = True

from torturelib.actor import Actor  # noqa: E402
from torturelib.ledger import Ledger  # noqa: E402


def work(actors, budget, enough):
    first = threading.Event()
    for each in actors:
        each.first = first
    threads = [threading.Thread(target=each.session, args=(budget, enough)) for each in actors]
    for each in threads:
        each.start()
    while any(each.is_alive() for each in threads) and not first.wait(0.1):
        pass
    print("busy", flush=True)
    for each in threads:
        each.join()
    print("down", flush=True)


def main(path, ledger, seed, connections, client, secret):
    # Many threads that wait for replies: the default of 5 ms would be most of their time.
    sys.setswitchinterval(0.0002)
    file = Ledger(ledger)
    actors = [Actor(path, file, seed, index, (client, secret))
              for index in range(int(connections))]
    working, enough = None, threading.Event()
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "go":
            if working:
                working.join()
            enough.clear()
            budget = int(rest[0]) if rest else None
            working = threading.Thread(target=work, args=(actors, budget, enough))
            working.start()
        elif word == "stop":
            enough.set()
        elif word == "cut":
            for each in actors:
                each.cut()
    enough.set()
    if working:
        working.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
