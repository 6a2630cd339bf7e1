"""Runs a row of the behaviour table through a gateway and says what came back."""

import concurrent.futures
import http.client
import json
import os
import re
import time

from .place import HERE

IDENTITY = {"x-auth-subject", "x-auth-client", "x-auth-scope", "x-auth-expires", "x-auth-override",
            "authorization", "upgrade", "http2-settings"}


def table():
    with open(os.path.join(HERE, "behaviour.json"), encoding="utf-8") as file:
        return json.load(file)


class Answer:
    """What a gateway answered; `upstream`: the headers it was sent, None if it was not asked."""

    def __init__(self, status, authenticate=None, retry=None, upstream=None):
        self.status, self.authenticate, self.retry = status, authenticate, retry
        self.upstream = upstream

    def __str__(self):
        parts = [str(self.status)]
        if self.authenticate:
            parts.append(self.authenticate)
        if self.retry:
            parts.append(f"Retry-After: {self.retry}")
        if self.upstream is not None:
            parts.append(" ".join(f"{name}={_short(value)}" for name, value in self.upstream)
                         or "upstream: nobody")
        return " · ".join(parts)


def _short(value):
    return value if len(value) <= 27 else value[:12] + "..."


def _told(body):
    """Every header that an upstream might take for one of ours, with its name as folded."""
    try:
        headers = json.loads(body)
    except ValueError:
        return None
    folded = [(re.sub("[^a-z0-9]", "-", name.lower()), value) for name, value in headers]
    return sorted((name, value) for name, value in folded if name in IDENTITY
                  or (name == "connection" and "auth" in value.lower()))


def ask(port, path, headers):
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        has_host = any(name == "Host" for name, _ in headers)
        connection.putrequest("GET", path, skip_host=has_host)
        for name, value in headers:
            connection.putheader(name, value.encode("latin-1"))
        try:
            connection.endheaders()
        except (BrokenPipeError, ConnectionResetError):
            pass  # It may have answered before it had read all; that answer counts.
        reply = connection.getresponse()
        body = reply.read()
        upstream = _told(body) if reply.status == 200 else None
        return Answer(reply.status, reply.getheader("WWW-Authenticate"),
                      reply.getheader("Retry-After"), upstream)
    except (OSError, http.client.HTTPException) as error:
        return Answer(f"no answer ({error.__class__.__name__})")
    finally:
        connection.close()


def wanted(row, gateway, fill_in):
    """What has to come back; a row may say otherwise for one gateway."""
    row = {**row, **row.get(gateway, {})}
    upstream = row.get("upstream")
    if upstream is not None:
        upstream = sorted((name, fill_in(value)) for name, value in upstream.items())
    return Answer(row["status"], row.get("authenticate"), row.get("retry"), upstream)


def run(row, gateway, port, fill_in):
    """Returns (what was expected, what came back), as texts that are equal when it is right."""
    headers = [(f"X-Padding-{i}", "x") for i in range(row.get("padding", 0))]
    headers += [(name, fill_in(value)) for name, value in row["send"]]
    expected = wanted(row, gateway, fill_in)
    # What is asked for is the quiet itself: idle connections end by the clock.
    time.sleep(row.get("pause", 0))
    if "crowd" in row:
        return crowd(port, row["path"], row["crowd"], fill_in)
    for _ in range(row.get("repeat", 1)):
        seen = ask(port, fill_in(row["path"]), headers)
        if str(seen) != str(expected):
            break
    return str(expected), str(seen)


def _askers(port, path, size, fill_in):
    """So many requests, every second with a revoked token, each to be asked by its number."""
    def one(i):
        token = fill_in("{revoked}" if i % 2 else "{good}")
        return i, ask(port, path, [("Authorization", "Bearer " + token)]).status
    return one, range(size)


def _is_right(answer):
    return answer[1] == (401 if answer[0] % 2 else 200)


def crowd(port, path, size, fill_in):
    """So many at once."""
    one, numbers = _askers(port, path, size, fill_in)
    with concurrent.futures.ThreadPoolExecutor(size) as pool:
        answers = list(pool.map(one, numbers))
    right = sum(map(_is_right, answers))
    others = sorted({str(status) for _, status in answers} - {"200", "401"})
    return f"{size} of {size} right", " ".join([f"{right} of {size} right", *others])


def squeeze(row, gateway, port, daemon):
    """So many at once while the service stands still. It goes on when all but `held` of them have
    their answer, which can only be 503."""
    row = {**row, **row.get(gateway, {})}
    size, held = row["squeeze"], row["held"]
    one, numbers = _askers(port, row["path"], size, daemon.fill_in)
    early, answers = [], []
    with concurrent.futures.ThreadPoolExecutor(size) as pool:
        daemon.act("freeze")
        try:
            asked = concurrent.futures.as_completed([pool.submit(one, i) for i in numbers])
            while len(early) < size - held:
                early.append(next(asked).result())
        finally:
            daemon.act("thaw")
        answers = [done.result() for done in asked]
    seen = f"{sum(status == 503 for _, status in early)} of {size - held} early ones 503"
    good = sum(_is_right(answer) or answer[1] == 503 for answer in answers)
    others = sorted({str(status) for _, status in early + answers} - {"200", "401", "503"})
    return (f"{size - held} of {size - held} early ones 503, {held} of {held} later ones right or 503",
            " ".join([f"{seen}, {good} of {held} later ones right or 503", *others]))
