"""Reads what valgrind's callgrind writes: instructions by object and by function, calls by name."""

import collections
import os
import re
import shutil
import subprocess
import tempfile

NAME = re.compile(r"^\((\d+)\)(?: (.*))?$")
ALLOCATING = {"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"}


class Profile:
    """Instructions of a run. Keys are names of objects (file names) and of functions."""

    def __init__(self):
        self.by_object = collections.Counter()
        self.by_function = collections.Counter()
        self.calls = collections.Counter()

    def minus(self, other):
        result = Profile()
        for name in ("by_object", "by_function", "calls"):
            left, right = getattr(self, name), getattr(other, name)
            getattr(result, name).update(left)
            getattr(result, name).subtract(right)
        return result

    @property
    def instructions(self):
        return sum(self.by_object.values())

    @property
    def allocations(self):
        return sum(count for name, count in self.calls.items()
                   if re.sub(r"'\d+$", "", name) in ALLOCATING)


class _Names:
    """`(12) name` defines, `(12)` refers."""

    def __init__(self):
        self.known = {}

    def read(self, text):
        match = NAME.match(text)
        if not match:
            return text
        number, name = match.groups()
        if name is not None:
            self.known[number] = name
        return self.known.get(number, number)


def read(path):
    """The profile in a callgrind file."""
    profile, objects, functions = Profile(), _Names(), _Names()
    current_object = current = called = ""
    skips = False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            key, sign, rest = line.rstrip("\n").partition("=")
            if sign and key.isalpha():
                if key == "ob":
                    current_object = os.path.basename(objects.read(rest))
                elif key == "cob":
                    objects.read(rest)
                elif key == "fn":
                    current = functions.read(rest)
                elif key == "cfn":
                    called = functions.read(rest)
                elif key == "calls":
                    profile.calls[called] += int(rest.split()[0])
                    skips = True
            elif line[:1] in "0123456789+-*":
                words = line.split()
                if not skips and len(words) == 2 and words[1].isdigit():
                    profile.by_object[current_object] += int(words[1])
                    profile.by_function[current] += int(words[1])
                skips = False
    return profile


def is_there():
    return shutil.which("valgrind") is not None


def run(command):
    """The profile of a program's whole run."""
    folder = tempfile.mkdtemp(prefix="signet-callgrind-")
    path = os.path.join(folder, "out")
    try:
        process = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}", "--quiet", *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            # The same table sizes every time: no hash is seeded at random.
            env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"), timeout=600, check=False)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: status {process.returncode} under callgrind: "
                               f"{process.stderr.strip()[-400:]}")
        return read(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
