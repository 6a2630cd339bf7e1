import Testing

@testable import LinuxIO

@Suite struct SettingsReaderTests {
  private let directory = TemporaryDirectory()

  /// Lines as `number:name=value`, and the fault that ends them.
  private func lines(_ bytes: [UInt8]) -> [String] {
    var reader = SettingsReader(bytes)
    var found: [String] = []
    do throws(SettingsFault) {
      while let line = try reader.next() {
        found.append(
          "\(line.number):\(String(decoding: line.name, as: UTF8.self))="
            + String(decoding: line.value, as: UTF8.self))
      }
    } catch {
      found.append("\(error.line.map(String.init) ?? "file"): \(error.problem); \(error.remedy)")
    }
    return found
  }

  private func lines(_ text: String) -> [String] { lines(Array(text.utf8)) }

  @Test func `blanks, comments and line ends do not count`() {
    #expect(lines("") == [])
    #expect(lines("\n\r\n # a=b\n#\n") == [])
    #expect(
      lines("a=b\r\n\t c \t=\t d e # f\r\n\ng = h#i = j #\n=\nk=")
        == ["1:a=b", "2:c=d e", "4:g=h#i = j", "5:=", "6:k="])
  }

  @Test func `a line without = ends the reading, after those before it`() {
    #expect(
      lines("a=b\nnon\u{1b}sense # =\nc=d")
        == ["1:a=b", "2: \"non\\u{1b}sense\" is not key = value; add \"=\" or begin with #"])
  }

  @Test func `the largest file is read, one byte more is not`() {
    let largest = [UInt8](repeating: 0x23, count: 262_144)
    #expect(lines(largest) == [])
    #expect(
      lines(largest + [0x23])
        == ["file: the file is larger than 262144 bytes; is this the configuration file?"])
  }

  @Test func `a value that a line would change is known`() {
    for kept in ["/a", "a b", "a#b", "a\tb"] { #expect(SettingsReader.keeps(Array(kept.utf8))) }
    for changed in [" a", "a\t", "a\r", "a #b", "#"] {
      #expect(!SettingsReader.keeps(Array(changed.utf8)), "\(changed)")
    }
  }

  @Test func `a file that others could have written is refused`() {
    func text(mode: UInt32 = 0o644, owner: UInt32 = 0, plain: Bool = true) -> String {
      do throws(SettingsFault) {
        try SettingsReader.checkSafety(
          mode: mode, owner: owner, isPlainFile: plain, ownUserID: 990)
        return ""
      } catch {
        #expect(error.kind == .unsafeFile && error.line == nil)
        return "\(error.problem); \(error.remedy)"
      }
    }
    #expect(text() == "" && text(mode: 0o600, owner: 990) == "")
    #expect(text(mode: 0o664) == "mode 0664 lets others write the file; chmod go-w it")
    #expect(text(mode: 0o646) == "mode 0646 lets others write the file; chmod go-w it")
    #expect(text(owner: 1000) == "the file belongs to uid 1000; chown it to root or to uid 990")
    #expect(text(plain: false) == "not a plain file; name a plain file")
  }

  @Test func `a file is read through a link, and refused where it lies open`() throws {
    let path = directory.makeFile("s", Array("a=b".utf8), modeBits: 0o644)
    #expect(try SettingsReader.bytes(of: path) == Array("a=b".utf8))
    let link = directory.file("link")
    makeSymbolicLink(link, to: path)
    #expect(try SettingsReader.bytes(of: link) == Array("a=b".utf8))
    let open = directory.makeFile("o", [], modeBits: 0o622)
    for bad in [open, directory.path, directory.file("none")] {
      #expect(throws: SettingsFault.self) { try SettingsReader.bytes(of: bad) }
    }
  }

  @Test func `values are text without controls`() {
    func text(_ bytes: [UInt8]) -> String {
      do throws(SettingsFault) {
        return try SettingText.read(bytes, key: "k")
      } catch {
        return "! \(error.problem)"
      }
    }
    #expect(text(Array("é\tb".utf8)) == "é\tb")
    #expect(text([]) == "! k has no value")
    #expect(text([0xC3]) == "! the value of k is not UTF-8")
    for control in ["\0", "\n", "\u{1b}", "\u{7f}", "\u{85}"] {
      #expect(text(Array(control.utf8)) == "! the value of k has a control character")
    }
  }

  @Test func `modes, numbers and paths`() {
    for mode in ["600", "0660", "666"] { #expect(SettingText.socketModeBits(mode) != nil) }
    for mode in ["", "0777", "060", "9", "00600", "+600", "0x1"] {
      #expect(SettingText.socketModeBits(mode) == nil, "\(mode)")
    }
    #expect(SettingText.accountNumber("0") == 0)
    #expect(SettingText.accountNumber("4294967294") == 4_294_967_294)
    for number in ["", "4294967295", "99999999999", "-1", "+1", "a"] {
      #expect(SettingText.accountNumber(number) == nil, "\(number)")
    }
    #expect(SettingText.isPlainAbsolutePath(Array("/a/.b/c..".utf8)))
    for path in ["", "a", "/", "/a/", "//a", "/a/./b", "/..", "@a"] {
      #expect(!SettingText.isPlainAbsolutePath(Array(path.utf8)), "\(path)")
    }
  }
}
