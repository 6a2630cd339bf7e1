"""The rules. Each is a function that yields findings; `check` runs them all over one tree."""

import os
import re
import shutil
import statistics
import subprocess

from .package import Package
from .swift_source import SwiftSource

LINES_MAX = 500
COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 60
COMMENT_REACH = 8
TEST_RATIO_WANTED = 1.2
MEDIAN_WANTED = 150

TOP_LEVEL = {"Package.swift", "Sources", "Tests", "proto-spec", "tools", "README.md"}
# Made by the toolchain beside the sources and never committed.
GENERATED = {"Package.resolved"}

# Who alone may import the C modules, and who may import nothing but Synchronization.
SOLE_IMPORTER = {"CLinux": "LinuxIO", "Glibc": "LinuxIO", "COpenSSL": "TokenCrypto"}
PURE = {"TokenCore", "TokenWire"}
TEST_LIBRARIES = {"Testing", "Foundation", "Glibc", "Synchronization"}

# Word at the end of a name → what to write in its place.
BANNED_WORDS = {
    "Manager": "name what it holds or does (Table, Pool, Lane)",
    "Helper": "name the noun whose job it does",
    "Helpers": "name the noun whose job they do",
    "Util": "name the noun whose job it does",
    "Utils": "name the noun whose job they do",
    "Utility": "name the noun whose job it does",
    "Utilities": "name the noun whose job they do",
    "Impl": "name what sets this implementation apart",
    "Implementation": "name what sets this implementation apart",
    "Data": "name what the bytes are (Record, Body, Text)",
    "Object": "name what it is",
    "Stuff": "name what it is",
    "Misc": "one file for each noun in it",
    "Common": "one file for each noun in it",
}

# Spelled in halves, so that this file does not report itself.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(?:wo" r"rk|ro" r"ot)/\w")

IMPORT = re.compile(
    r"^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)")
TYPE = re.compile(r"\b(?:struct|class|enum|protocol|actor|typealias)\s+(\w+)")
PUBLIC = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public|open)(?:\(set\))?\s+(?!import\b|extension\b)"
    r"(?:private\(set\)\s+|internal\(set\)\s+|(?:static|final|mutating|consuming|borrowing|"
    r"nonisolated|override|indirect|class(?=\s+func|\s+var)|convenience|required|prefix|lazy|"
    r"unowned|weak)\s+)*(func|var|let|struct|class|enum|protocol|actor|typealias|subscript|init)"
    r"\b\s*([\w`]*)")
UNCHECKED = re.compile(r"@unchecked\s+Sendable|nonisolated\(unsafe\)|@unsafe\b|@safe\b")
TEXT_FILES = (".swift", ".c", ".h", ".modulemap", ".md", ".py", ".sh", ".json", ".ksy", ".lua", "")


class Finding:
    """One violation: where, what, and what to do in its place. `rule` is for the self-test."""

    def __init__(self, rule, path, line, what, instead):
        self.rule, self.path, self.line = rule, path, line
        self.what, self.instead = what, instead

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}; {self.instead}"


class Tree:
    """A checkout: its Swift files, its text files, its package."""

    def __init__(self, root):
        self.root = root
        package = os.path.join(root, "Package.swift")
        self.package = Package(self.read("Package.swift") if os.path.exists(package) else "")
        self.swift = [
            SwiftSource(path, self.read(path))
            for path in self._walk(("Sources", "Tests")) if path.endswith(".swift")]

    def read(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    def _walk(self, tops):
        for top in tops:
            for folder, folders, files in os.walk(os.path.join(self.root, top)):
                folders[:] = sorted(f for f in folders if f[0] != "." and f != "__pycache__")
                for name in sorted(files):
                    yield os.path.relpath(os.path.join(folder, name), self.root)

    def text_files(self):
        """(path, lines) of everything a person wrote."""
        named = ["Package.swift", "README.md", ".ci/run"]
        for path in list(self._walk(("Sources", "Tests", "proto-spec", "tools"))) + named:
            full = os.path.join(self.root, path)
            if not os.path.isfile(full) or "/vectors/" in path or "fuzz-corpus/" in path:
                continue
            if os.path.splitext(path)[1] in TEXT_FILES:
                yield path, self.read(path).splitlines()


def top_level(tree):
    for name in sorted(os.listdir(tree.root)):
        if name not in TOP_LEVEL and name not in GENERATED and name[0] != ".":
            yield Finding(
                "top-level", name, 1, "not a part of the top level",
                "move it into " + ", ".join(sorted(TOP_LEVEL - {"Package.swift", "README.md"})))


def sizes(tree):
    for source in tree.swift:
        if len(source.lines) > LINES_MAX:
            yield Finding(
                "file-length", source.path, LINES_MAX + 1,
                f"{len(source.lines)} lines, {LINES_MAX} allowed", "split it by noun")
        for number, line in enumerate(source.lines, 1):
            if len(line) > COLUMNS_MAX:
                yield Finding(
                    "columns", source.path, number,
                    f"{len(line)} columns, {COLUMNS_MAX} allowed", "break the line")
        for name, first, last in source.functions():
            if last - first + 1 > FUNCTION_LINES_MAX:
                yield Finding(
                    "function-length", source.path, first,
                    f"{name} has {last - first + 1} lines, {FUNCTION_LINES_MAX} allowed",
                    "cut it into named steps")


def _module(path):
    parts = path.split(os.sep)
    return (parts[0], parts[1]) if len(parts) > 2 else (parts[0], "")


def imports(tree):
    for source in tree.swift:
        top, module = _module(source.path)
        allowed, _ = tree.package.targets.get(module, ([], 0))
        for number, line in enumerate(source.code_lines, 1):
            match = IMPORT.match(line)
            if match:
                yield from _import(source.path, number, top, module, match.group(1), set(allowed))


def _import(path, line, top, module, name, allowed):
    if top == "Tests":
        if name not in allowed | TEST_LIBRARIES:
            yield Finding(
                "arrow", path, line, f"import {name} is not an arrow of {module}",
                "add it to the target's dependencies in Package.swift or test through another module")
    elif name == "Foundation" or name.startswith("FoundationEssentials"):
        yield Finding(
            "foundation", path, line, "Foundation in Sources",
            "use the standard library, or LinuxIO for the operating system")
    elif name in SOLE_IMPORTER and module != SOLE_IMPORTER[name]:
        yield Finding(
            "sole-importer", path, line, f"{module} imports {name}",
            f"only {SOLE_IMPORTER[name]} may; go through it")
    elif name not in allowed | {"Synchronization", "Swift"} | set(
            k for k, v in SOLE_IMPORTER.items() if v == module):
        yield Finding(
            "arrow", path, line, f"import {name} is not an arrow of {module}",
            f"{module} may import " + (", ".join(sorted(allowed)) or "nothing but Synchronization"))


def package(tree):
    lines = tree.package.text.splitlines()
    for number, line in enumerate(lines, 1):
        if re.search(r"\.package\s*\(", line.split("//")[0]):
            yield Finding(
                "package", "Package.swift", number, "a package dependency",
                "none is allowed; write what is needed")
    for name, (dependencies, line) in sorted(tree.package.targets.items()):
        for other in dependencies:
            if name in PURE:
                yield Finding(
                    "pure", "Package.swift", line, f"{name} depends on {other}",
                    f"{name} is pure; move the code that needs {other}")
            elif SOLE_IMPORTER.get(other, name) != name:
                yield Finding(
                    "sole-dependency", "Package.swift", line, f"{name} depends on {other}",
                    f"only {SOLE_IMPORTER[other]} may")
    for top in ("Sources", "Tests"):
        folder = os.path.join(tree.root, top)
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if name == "Golden":
                continue  # data directories of released formats, read by tests
            if os.path.isdir(os.path.join(folder, name)) and name not in tree.package.targets:
                yield Finding(
                    "stray-module", f"{top}/{name}", 1, "no target of Package.swift",
                    "declare it there or remove it")


def names(tree):
    for source in tree.swift:
        stem = os.path.splitext(os.path.basename(source.path))[0]
        found = [(1, part) for part in stem.split("+")]
        for number, line in enumerate(source.code_lines, 1):
            found += [(number, match.group(1)) for match in TYPE.finditer(line)]
        for number, name in found:
            words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)
            if words and words[-1] in BANNED_WORDS:
                yield Finding(
                    "name", source.path, number, f"{name} ends in {words[-1]}",
                    BANNED_WORDS[words[-1]])


def unfinished(tree):
    for path, lines in tree.text_files():
        for number, line in enumerate(lines, 1):
            match = UNFINISHED.search(line)
            if match:
                yield Finding(
                    "unfinished", path, number, match.group() + " left in the tree",
                    "do it, or say in an issue what is missing")
            match = MACHINE_PATH.search(line)
            if match:
                yield Finding(
                    "machine", path, number, f"{match.group()[:-1]} is a path of one machine",
                    "make it relative or a parameter")
    for source in tree.swift:
        for match in re.finditer(
                r"\b(preconditionFailure|fatalError|assertionFailure)\s*\(\s*\)", source.code):
            yield Finding(
                "trap", source.path, source.line_of(match.start()),
                f"{match.group(1)}() says nothing", "name the broken invariant in it")


def reasons(tree):
    """What the compiler was told to believe needs its reason nearby."""
    for source in tree.swift:
        commented = source.comment_lines()
        for number, line in enumerate(source.code_lines, 1):
            match = UNCHECKED.search(line)
            near = range(max(1, number - COMMENT_REACH), number + 1)
            if match and not commented.intersection(near):
                yield Finding(
                    "reason", source.path, number, match.group() + " without a reason",
                    f"write the invariant in a comment at most {COMMENT_REACH} lines above")


def documentation(tree):
    """Every public declaration. Initialisers, constants and stored properties, and what a protocol
    asks for, may speak through their names; declarations on adjacent lines share a comment."""
    for source in tree.swift:
        if not source.path.startswith("Sources" + os.sep):
            continue
        for number, line in enumerate(source.code_lines, 1):
            match = PUBLIC.match(line)
            if match and not exempt(match.group(1), match.group(2), line):
                if not _documented(source, number):
                    what = (match.group(1) + " " + match.group(2)).strip()
                    yield Finding(
                        "documentation", source.path, number, f"public {what} has no doc comment",
                        "say above it with /// what it is, its unit or shape, its errors")


REQUIREMENTS = {
    "write", "description", "hash", "encode", "opcode", "Reply", "rawValue", "allCases", "id",
    "debugDescription", "testDescription", "main", "position", "key", "<", "==",
}


def exempt(kind, name, line):
    if kind == "init" or name in REQUIREMENTS or re.search(r"func\s+(<|==|>|\+|-)", line):
        return True
    return kind == "let" or (kind == "var" and "{" not in line)


def _documented(source, number):
    above = number - 1
    while above >= 1:
        text = source.lines[above - 1].strip()
        if text.startswith("///") or text.endswith("*/"):
            return True
        line = source.code_lines[above - 1]
        shared = PUBLIC.match(line) and not line.rstrip().endswith("{")
        if not (text.startswith("@") or text.startswith("#if") or shared):
            return False
        above -= 1
    return False


def formatting(tree):
    """`swift format lint --strict`, as findings."""
    swift = shutil.which("swift")
    if swift is None:
        yield Finding("format", "Sources", 1, "swift is not on the PATH", "install the toolchain")
        return
    folders = [top for top in ("Sources", "Tests") if os.path.isdir(os.path.join(tree.root, top))]
    run = subprocess.run(
        [swift, "format", "lint", "--strict", "-r", *folders], cwd=tree.root,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    found = 0
    for line in run.stdout.splitlines():
        match = re.match(r"(.+?):(\d+):\d+: (?:error|warning): (.*)", line)
        if match:
            found += 1
            path = os.path.relpath(os.path.join(tree.root, match.group(1)), tree.root)
            yield Finding(
                "format", path, int(match.group(2)), match.group(3), f"swift format -i {path}")
    if run.returncode != 0 and found == 0:
        tail = run.stdout.strip().splitlines()[-1:] or ["no output"]
        yield Finding("format", "Sources", 1, f"swift format failed: {tail[0]}", "run it by hand")


RULES = [
    top_level, sizes, imports, package, names, unfinished, reasons, documentation, formatting]


def check(root, rules=None):
    """All findings in the tree at `root`, in the order of files and lines."""
    tree = Tree(root)
    found = [finding for rule in (rules or RULES) for finding in rule(tree)]
    return tree, sorted(found, key=lambda f: (f.path, f.line, f.rule))


def measures(tree):
    """Sizes worth watching, as lines of text."""
    lines = {"Sources": [], "Tests": []}
    for source in tree.swift:
        lines[_module(source.path)[0]].append(len(source.lines))
    total = {top: sum(counts) for top, counts in lines.items()}
    for top, counts in lines.items():
        if counts:
            yield (f"{top}: {len(counts)} files, {total[top]} lines, "
                   f"median {statistics.median(counts):.0f}, longest {max(counts)}")
    if total["Sources"]:
        yield (f"test lines for each source line: {total['Tests'] / total['Sources']:.2f} "
               f"(wanted {TEST_RATIO_WANTED}); file median wanted: at most {MEDIAN_WANTED}")
