"""One violation of each rule, planted in a temporary tree. Every one must be found, at its line,
and nothing else may be: the tree without a plant is clean."""

import os
import re
import shutil
import sys
import tempfile

from . import rules

PACKAGE = '''// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "sample",
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),
    module("LinuxIO", ["CLinux"]),
    module("TokenCore"),
    module("TokenServer", ["TokenCore", "LinuxIO"]),
    tests("TokenCoreTests", ["TokenCore"]),
  ]
)
'''

# Full of what misleads a counter of braces and a search for names.
CLEAN = r'''/// A widget. struct FakeManager { /* nested /* twice */ { */
public struct Widget {
  /// The parts, and a text with "quotes" and { braces.
  public var parts: [String] { ["}", "\(label("{", String("}"))) }", #"\("{"#] }

  let poem = """
    struct PoemHelper { preconditionFailure()
    import Foundation \(1 + 1) "}"
    """

  // fatalError() in a comment, { { {
  func label(_ first: String, _ second: String) -> String { first + second }
}
'''

CLEAN_TEST = '''import Foundation
import Testing

@testable import TokenCore

@Suite struct WidgetTests {
  @Test func partsAreCounted() {
    #expect(Widget().parts.count == 3)
  }
}
'''

CORE = "Sources/TokenCore/Plant.swift"
SERVER = "Sources/TokenServer/Plant.swift"


def _function(lines):
    body = "".join(f"    let value{n} = \"}}\"\n" for n in range(lines - 2))
    return "struct Plant {\n  func long() {\n" + body + "  }\n}\n"


# (what, rule, file, text, line of the finding). Words the rules look for are spelled in halves.
PLANTS = [
    ("a folder at the top", "top-level", "docs/notes.md", "notes\n", 1),
    ("a file of 501 lines", "file-length", CORE, "// line\n" * 501, 501),
    ("a line of 101 columns", "columns", CORE, "// " + "x" * 98 + "\n", 1),
    ("a function of 61 lines", "function-length", CORE, _function(61), 2),
    ("Foundation in Sources", "foundation", CORE, "import Foundation\n", 1),
    ("Foundation, hidden", "foundation", CORE, "@preconcurrency internal import Foundation\n", 1),
    ("Glibc outside LinuxIO", "sole-importer", SERVER, "internal import Glibc\n", 1),
    ("CLinux outside LinuxIO", "sole-importer", SERVER, "internal import CLinux\n", 1),
    ("COpenSSL outside TokenCrypto", "sole-importer", SERVER, "import struct COpenSSL.X\n", 1),
    ("an import against the arrows", "arrow", CORE, "internal import LinuxIO\n", 1),
    ("a test's import against the arrows", "arrow", "Tests/TokenCoreTests/PlantTests.swift",
     "@testable import TokenServer\n", 1),
    ("a dependency of a pure module", "pure", "Package.swift",
     PACKAGE.replace('module("TokenCore")', 'module("TokenCore", ["LinuxIO"])'), 10),
    ("a second owner of CLinux", "sole-dependency", "Package.swift",
     PACKAGE.replace('["TokenCore", "LinuxIO"]', '["TokenCore", "LinuxIO", "CLinux"]'), 11),
    ("a package dependency", "package", "Package.swift",
     PACKAGE.replace("  targets: [", '  dependencies: [.pack' 'age(path: "x")], targets: [', 1), 6),
    ("a folder that is no target", "stray-module", "Sources/Stray/Thing.swift", "struct Thing {}\n", 1),
    ("a folder with the name of a file that may be there", "stray-module",
     "Tests/PLANTED.md/Thing.swift", "struct Thing {}\n", 1),
    ("a to-do", "unfinished", CORE, "// TO" "DO: later\n", 1),
    ("a fix-me in a tool", "unfinished", "tools/plant.py", "# FIX" "ME\n", 1),
    ("three crosses", "unfinished", CORE, "// XX" "X\n", 1),
    ("a path of one machine", "machine", "tools/plant.sh", "cd /wo" "rk/tree\n", 1),
    ("a trap that says nothing", "trap", CORE, "func f() -> Int { preconditionFailure() }\n", 1),
    ("a fatal error that says nothing", "trap", CORE, "func f() -> Int { fatalError() }\n", 1),
    ("an unchecked type without a reason", "reason", CORE,
     "struct Plant: @unchecked Sendable {}\n", 1),
    ("a safe type without a reason", "reason", CORE, "@safe\nstruct Plant {}\n", 1),
    ("an undocumented public type", "documentation", CORE, "public struct Plant {}\n", 1),
    ("an undocumented public function", "documentation", CORE,
     "/// A plant.\npublic struct Plant {\n  public static func grow() {}\n}\n", 3),
    ("bad formatting", "format", CORE, "struct Plant   {}\n", 1),
] + [
    (f"a type called ...{word}", "name", CORE, f"struct Plant{word} {{}}\n", 1)
    for word in rules.BANNED_WORDS
] + [
    ("a file called ...Helper", "name", "Sources/TokenCore/PlantHelper.swift", "struct Plant {}\n", 1),
]


def _write(root, path, text):
    full = os.path.join(root, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def _clean_tree(root):
    _write(root, "Package.swift", PACKAGE)
    _write(root, "README.md", "# Sample\n")
    _write(root, "Sources/TokenCore/Widget.swift", CLEAN)
    _write(root, "Sources/LinuxIO/Clock.swift", "internal import CLinux\ninternal import Glibc\n")
    _write(root, SERVER, "internal import LinuxIO\n")
    _write(root, "Tests/TokenCoreTests/WidgetTests.swift", CLEAN_TEST)
    _write(root, "Tests/FEATURES.md", "# Features\n")


def _judge(what, rule, path, line, found):
    """Problems of one plant, as text."""
    where = path if rule not in ("top-level", "stray-module") else os.path.dirname(path)
    hits = [f for f in found if (f.rule, f.path, f.line) == (rule, where, line)]
    others = [f for f in found if f not in hits]
    if len(hits) != 1:
        yield f"{what}: {len(hits)} findings of rule {rule} at {where}:{line}, wanted one"
    for other in others:
        yield f"{what}: not planted but found: {other}"


def run():
    """Returns the exit status; prints one line a failure and a closing line."""
    problems, count = [], 0
    quick = [rule for rule in rules.RULES if rule is not rules.formatting]
    for what, rule, path, text, line in [("nothing", None, None, None, 0)] + PLANTS:
        count += 1
        root = tempfile.mkdtemp(prefix="tidy-")
        try:
            _clean_tree(root)
            if rule:
                _write(root, path, text)
            # The formatter takes a while to start: it runs on the clean tree and on its own plant.
            _, found = rules.check(root, [rules.formatting] if rule == "format" else quick)
            if rule is None:
                found += rules.check(root, [rules.formatting])[1]
                problems += [f"the clean tree has a finding: {f}" for f in found]
            else:
                problems += _judge(what, rule, path, line, found)
        finally:
            shutil.rmtree(root)
    for problem in problems:
        print(problem, file=sys.stderr)
    missed = rules_without_plant()
    for name in missed:
        print(f"no plant for rule {name}", file=sys.stderr)
    print(f"{count - len(problems)} of {count} plants judged rightly")
    return 1 if problems or missed else 0


def rules_without_plant():
    """Rule names in the source of the rules that no plant names."""
    with open(rules.__file__, encoding="utf-8") as file:
        text = file.read()
    named = set(re.findall(r'Finding\(\s*"([\w-]+)"', text))
    return sorted(named - {rule for _, rule, *_ in PLANTS})
