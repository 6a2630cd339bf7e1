internal import LinuxIO
public import TokenWire

/// A user or a group, by name or by number.
public enum AccountName: Equatable, Sendable, CustomStringConvertible {
  case number(UInt32)
  case name(String)

  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }

  /// 1...32 characters of the portable set, or a number below 2^32-1 (which means "no change" to
  /// the system calls).
  static func read(_ word: String, _ assignment: Assignment) throws(ConfigurationError) -> Self {
    let bytes = word.utf8
    if SettingText.isNumber(word) {
      if let number = SettingText.accountNumber(word) { return .number(number) }
    } else if (1...32).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
      && bytes.allSatisfy(isPortable)
    {
      return .name(word)
    }
    throw ConfigurationError(
      .badValue, assignment.origin, "\(quoted(word)) is no name or number of an account",
      "use a name of letters, digits, '.', '_' and '-', or a number below 4294967295")
  }

  private static func isPortable(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

/// One `allow` line: these rights for this user or this group.
public struct AllowRule: Equatable, Sendable {
  /// Whom the rule is for: this user, or the members of this group. Its description is the line's
  /// own spelling, `uid:NAME` or `gid:NAME`.
  public enum Subject: Equatable, Sendable, CustomStringConvertible {
    case user(AccountName)
    case group(AccountName)

    public var description: String {
      switch self {
      case .user(let name): "uid:\(name)"
      case .group(let name): "gid:\(name)"
      }
    }
  }

  public var subject: Subject
  public var rights: RightSet

  public init(subject: Subject, rights: RightSet) {
    self.subject = subject
    self.rights = rights
  }

  /// As the value of `allow` is written.
  var value: String { "\(subject) rights=\(rights.names)" }

  static func read(_ assignment: Assignment) throws(ConfigurationError) -> AllowRule {
    let words = SettingWords(assignment)
    let subject = try Self.subject(words.first, assignment)
    var rights: RightSet = []
    for (_, value) in try words.named(["rights"]) { rights = try rightSet(value, assignment) }
    if rights.isEmpty {
      throw ConfigurationError(
        .badValue, assignment.origin, "allow says no rights",
        "add rights=validate (or front, front-admin, issue, admin)")
    }
    return AllowRule(subject: subject, rights: rights)
  }

  private static func subject(
    _ word: String, _ assignment: Assignment
  ) throws(ConfigurationError) -> Subject {
    for (prefix, isUser) in [("uid:", true), ("gid:", false)] {
      guard word.utf8.starts(with: prefix.utf8) else { continue }
      let name = try AccountName.read(String(word.dropFirst(prefix.count)), assignment)
      return isUser ? .user(name) : .group(name)
    }
    throw ConfigurationError(
      .badValue, assignment.origin, "\(quoted(word)) names neither a user nor a group",
      "write uid:NAME or gid:NAME")
  }
}
