"""The arrows of the architecture, read from Package.swift."""

import re

DECLARATION = re.compile(
    r'(?:\b(?:module|program|tests)\(|\.(?:target|executableTarget|testTarget|systemLibrary)'
    r'\(\s*name:)\s*"(\w+)"')


class Package:
    """`targets`: name → (dependencies by name, line)."""

    def __init__(self, text):
        self.text = text
        self.targets = {}
        for match in DECLARATION.finditer(text):
            call = text[match.start():self._closing(text, match.start())]
            names = re.search(r"\[([^\]]*)\]", call[match.end() - match.start():])
            dependencies = re.findall(r'"(\w+)"', names.group(1)) if names else []
            if "providers:" in call:
                dependencies = []
            if call.startswith("tests("):
                dependencies = dependencies + ["TestSupport"]
            line = text.count("\n", 0, match.start()) + 1
            self.targets[match.group(1)] = (dependencies, line)

    @staticmethod
    def _closing(text, at):
        depth = 0
        for match in re.finditer(r"[()]", text[at:]):
            depth += 1 if match.group() == "(" else -1
            if depth == 0:
                return at + match.end()
        return len(text)
