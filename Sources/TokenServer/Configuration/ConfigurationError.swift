internal import LinuxIO
internal import TokenWire

/// Why the settings cannot be used: where they say so, what is wrong, and what to do about it.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong, for programs and tests.
  public enum Kind: Sendable, Equatable {
    /// A key or flag that does not exist.
    case unknownKey
    /// A line or argument that is not `key = value`.
    case badSyntax
    /// A value that the key does not take.
    case badValue
    /// A key that is given twice and is not repeatable.
    case duplicate
    /// A key that must be given is not.
    case missing
    /// Two settings that exclude each other.
    case conflict
    /// The configuration file could be written by others, or is not a plain file.
    case unsafeFile
  }

  public let kind: Kind
  /// Where it was said.
  public let origin: SettingOrigin
  /// What is wrong.
  public let problem: String
  /// What to do.
  public let remedy: String

  public init(_ kind: Kind, _ origin: SettingOrigin, _ problem: String, _ remedy: String) {
    self.kind = kind
    self.origin = origin
    self.problem = problem
    self.remedy = remedy
  }

  /// `FILE:LINE: problem; remedy`.
  public var description: String {
    PrintableText.escaped("\(origin): \(problem); \(remedy)")
  }
}

/// Where a setting was given.
public enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
  /// A line of the configuration file, counted from 1.
  case file(name: String, line: Int)
  /// The configuration file as a whole.
  case wholeFile(name: String)
  /// A flag, with its dashes.
  case flag(String)
  /// Nowhere: the settings taken together.
  case settings

  public var description: String {
    switch self {
    case .file(let name, let line): "\(name):\(line)"
    case .wholeFile(let name): name
    case .flag(let name): name
    case .settings: "configuration"
    }
  }
}

/// One `key = value`, from either place, not yet looked at.
public struct Assignment: Equatable, Sendable {
  public let key: ConfigurationKey
  /// The value without surrounding blanks; valid UTF-8 without control characters, not empty.
  public let value: String
  public let origin: SettingOrigin

  public init(key: ConfigurationKey, value: String, origin: SettingOrigin) {
    self.key = key
    self.value = value
    self.origin = origin
  }
}

extension ConfigurationError {
  /// What a setting given at `origin` has wrong.
  init(_ fault: SettingsFault, _ origin: SettingOrigin) {
    let kind: Kind =
      switch fault.kind {
      case .syntax: .badSyntax
      case .unknownKey: .unknownKey
      case .value: .badValue
      case .unsafeFile: .unsafeFile
      }
    self.init(kind, origin, fault.problem, fault.remedy)
  }

  /// What the configuration file has wrong.
  init(_ fault: SettingsFault, file name: String) {
    self.init(
      fault, fault.line.map { .file(name: name, line: $0) } ?? .wholeFile(name: name))
  }
}

/// What was written, as people may see it in an error, so that a file cannot forge a line of the
/// log.
func quoted(_ bytes: some Collection<UInt8>) -> String { PrintableText.quoted(bytes) }

func quoted(_ text: some StringProtocol) -> String { quoted(Array(text.utf8)) }

/// "did you mean ...?" for a name that is close to one of `known`, else nil.
func suggestion(
  for name: some Collection<UInt8>, among known: [String], prefix: String = ""
) -> String? {
  nearestName(to: name, among: known).map { "did you mean \(prefix)\($0)?" }
}
