import LinuxIO
import Testing

@Suite struct PrintableTextTests {
  @Test func `what is unsafe to show is written as its number`() {
    #expect(PrintableText.escaped("a\u{1B}[2J\n\u{9B}") == "a\\u{1b}[2J\\u{a}\\u{9b}")
    for value in Array(0x200B...0x200F) + Array(0x202A...0x202E) + Array(0x2060...0x2069)
      + [0xFEFF, 0x7F, 0x85, 0x061C, 0xE0041]
    {
      guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
      #expect(PrintableText.isUnsafe(scalar), "\(value)")
      let hex = String(value, radix: 16)
      #expect(PrintableText.escaped("x\(Character(scalar))y") == "x\\u{\(hex)}y")
    }
  }

  @Test func `text of every script stays`() {
    for text in ["", "plain ~", "é 日本 😀", "שלום", "नमस्ते"] {
      #expect(PrintableText.escaped(text) == text)
    }
  }

  @Test func `where nothing can stand for it, what is unsafe is left out`() {
    let text = PrintableText.removingUnsafe(Array("a\u{2069}\u{202E}b\u{0}é".utf8))
    #expect(text == Array("abé".utf8))
  }

  @Test func `what was written is quoted, its first 64 characters`() {
    #expect(PrintableText.quoted(Array("a\u{202E}é".utf8)) == "\"a\\u{202e}é\"")
    let long = String(repeating: "\n", count: 65)
    let shown = String(repeating: "\\u{a}", count: 64)
    #expect(PrintableText.quoted(Array(long.utf8.dropLast())) == "\"\(shown)\"")
    #expect(PrintableText.quoted(Array(long.utf8)) == "\"\(shown)...\"")
  }

  @Test func `paths in errors are escaped`() {
    let error = SystemError(errno: .notFound, call: "open", path: "/a\u{202E}b")
    #expect("\(error)".hasPrefix("open /a\\u{202e}b: "))
  }
}
