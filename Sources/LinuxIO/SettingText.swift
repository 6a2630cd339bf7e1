/// What the values of settings have in common, in every program.
public enum SettingText {
  /// The longest path of a socket: `sun_path` with its closing NUL.
  public static let socketPathByteLimit = 107

  /// A value as text: UTF-8, not empty, no control characters but the tab, which stands between
  /// words as a blank does. `key` is for the fault.
  public static func read(
    _ value: some Collection<UInt8>, key: String
  ) throws(SettingsFault) -> String {
    guard !value.isEmpty else {
      throw SettingsFault(.value, "\(key) has no value", "give one or remove the key")
    }
    guard let text = String(validating: value, as: UTF8.self) else {
      throw SettingsFault(.value, "the value of \(key) is not UTF-8", "save the text as UTF-8")
    }
    let hasControl = text.unicodeScalars.contains {
      ($0.value < 0x20 && $0.value != 0x09) || (0x7F..<0xA0).contains($0.value)
    }
    guard !hasControl else {
      throw SettingsFault(.value, "the value of \(key) has a control character", "remove it")
    }
    return text
  }

  /// The words of a value.
  public static func words(_ value: String) -> [Substring] {
    value.split { $0 == " " || $0 == "\t" }
  }

  /// Permission bits of a socket, in octal: within 0666, and its owner may connect. Nil for
  /// anything else.
  public static func socketModeBits(_ word: String) -> UInt32? {
    let isOctal = word.utf8.allSatisfy { (0x30...0x37).contains($0) } && word.utf8.count <= 4
    guard isOctal, let mode = UInt32(word, radix: 8), mode & ~0o666 == 0, mode & 0o600 == 0o600
    else { return nil }
    return mode
  }

  /// Whether a word is to be read as the number of an account, also where it is none.
  public static func isNumber(_ word: String) -> Bool {
    !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The number of an account: below 2^32-1, which means "no change" to the system calls.
  public static func accountNumber(_ word: String) -> UInt32? {
    guard isNumber(word), let number = UInt32(word), number != .max else { return nil }
    return number
  }

  /// Whether an absolute path has no empty, `.` or `..` component, and so means the same from
  /// everywhere. A slash at the end makes an empty one.
  public static func isPlainAbsolutePath(_ path: some Collection<UInt8>) -> Bool {
    guard path.first == UInt8(ascii: "/") else { return false }
    let parts = path.dropFirst().split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
    }
  }
}
