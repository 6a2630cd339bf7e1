"""One Swift file as the rules see it: its text, and the same text with every comment and every
string literal blanked out, so that braces, names and keywords in them do not count."""

import re

FUNCTION = re.compile(r"(?<![.\w`])(func|init|deinit|subscript|var)\b")
BODILESS = re.compile(
    r"(?:@\w+|#if|#else|#elseif|#endif|(?:public|open|internal|private|fileprivate|static|final|"
    r"mutating|borrowing|consuming|nonisolated|override|convenience|required|indirect|case|let|var|"
    r"func|init|deinit|subscript|struct|class|enum|protocol|actor|extension|typealias|"
    r"associatedtype|import)\b)")


class SwiftSource:
    """`lines` as written, `code` and `code_lines` blanked, `comments` as (line, text)."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
        self.comments = []
        self.code = self._blanked()
        self.code_lines = self.code.split("\n")

    def line_of(self, offset):
        """Line number, from 1, of an offset in the text."""
        return self.text.count("\n", 0, offset) + 1

    def _blanked(self):
        out = list(self.text)
        end = self._code(0, out, until_parenthesis=False)
        assert end == len(self.text)
        return "".join(out)

    def _blank(self, out, start, end):
        for index in range(start, min(end, len(out))):
            if out[index] != "\n":
                out[index] = " "

    def _code(self, at, out, until_parenthesis):
        """Walks code from `at`; with `until_parenthesis` to behind the `)` that closes an
        interpolation. Returns where it stopped."""
        text, depth = self.text, 0
        while at < len(text):
            two, one = text[at:at + 2], text[at]
            if two == "//":
                end = text.find("\n", at)
                at = self._comment(at, len(text) if end < 0 else end, out)
            elif two == "/*":
                at = self._comment(at, self._block_end(at), out)
            elif one == '"' or (one == "#" and re.match(r'#+"', text[at:at + 8])):
                at = self._string(at, out)
            else:
                if until_parenthesis and one == "(":
                    depth += 1
                elif until_parenthesis and one == ")":
                    if depth == 0:
                        return at + 1
                    depth -= 1
                at += 1
        return at

    def _comment(self, start, end, out):
        first = self.line_of(start)
        for number, text in enumerate(self.text[start:end].split("\n")):
            self.comments.append((first + number, text))
        self._blank(out, start, end)
        return end

    def _block_end(self, at):
        depth = 0
        for match in re.finditer(r"/\*|\*/", self.text[at:]):
            depth += 1 if match.group() == "/*" else -1
            if depth == 0:
                return at + match.end()
        return len(self.text)

    def _string(self, start, out):
        """Blanks one literal, interpolations included. Returns the offset behind it."""
        text = self.text
        hashes = len(re.match(r"#*", text[start:]).group())
        at = start + hashes
        quote = '"""' if text.startswith('"""', at) else '"'
        at += len(quote)
        close, escape = quote + "#" * hashes, "\\" + "#" * hashes
        while at < len(text):
            if text.startswith(close, at):
                at += len(close)
                break
            if text.startswith(escape, at):
                at += len(escape)
                at = self._code(at + 1, out, True) if text.startswith("(", at) else at + 1
            elif text[at] == "\n" and quote == '"':
                break
            else:
                at += 1
        self._blank(out, start, at)
        # A literal stays visible as one token, so that "missing argument" can be told apart.
        out[start] = '"'
        return at

    def functions(self):
        """(name, first line, last line) of everything with a body: functions, initialisers,
        subscripts, computed properties."""
        for match in FUNCTION.finditer(self.code):
            opening = self._body(match.end(), match.group(1) == "var")
            if opening is None:
                continue
            closing = self._closing(opening)
            first, last = self.line_of(match.start()), self.line_of(closing)
            name = re.match(r"\s*([^\s(:<{]*)", self.code[match.end():]).group(1)
            yield (name or match.group(1), first, last)

    def _body(self, at, is_property):
        depth, fresh_line = 0, False
        while at < len(self.code):
            one = self.code[at]
            if depth == 0:
                if one == "{":
                    return at
                if one in "};" or (is_property and one in "=\n"):
                    return None
                if fresh_line and not one.isspace():
                    if BODILESS.match(self.code, at):
                        return None
                    fresh_line = False
            if one in "([":
                depth += 1
            elif one in ")]":
                depth -= 1
                if depth < 0:
                    return None
            elif one == "\n":
                fresh_line = True
            at += 1
        return None

    def _closing(self, opening):
        depth = 0
        for match in re.finditer(r"[{}]", self.code[opening:]):
            depth += 1 if match.group() == "{" else -1
            if depth == 0:
                return opening + match.start()
        return len(self.code) - 1

    def comment_lines(self):
        """The numbers of all lines that hold a comment."""
        return {line for line, _ in self.comments}
