/// What is wrong with a settings file or a setting, and what to do about it. The program that reads
/// the file adds its name.
public struct SettingsFault: Error, Equatable, Sendable {
  /// What went wrong, for programs.
  public enum Kind: Sendable, Equatable {
    /// A line that is not `key = value`, or a file that is none of settings.
    case syntax
    /// A key that does not exist.
    case unknownKey
    /// A value that is no text.
    case value
    /// The file cannot be read, could be written by others, or is not a plain file.
    case unsafeFile
  }

  public let kind: Kind
  /// The line, counted from 1; nil for the file as a whole and for a value by itself.
  public let line: Int?
  /// What is wrong.
  public let problem: String
  /// What to do.
  public let remedy: String

  init(_ kind: Kind, line: Int? = nil, _ problem: String, _ remedy: String) {
    self.kind = kind
    self.line = line
    self.problem = problem
    self.remedy = remedy
  }

  /// A key that the program does not know. `flags` are those of its flags that are no keys, and
  /// `suggestion` is what was probably meant.
  public static func unknownKey(
    _ line: SettingLine, program: String, flags: [String], suggestion: String?
  ) -> SettingsFault {
    let name = PrintableText.quoted(line.name)
    if flags.contains(where: { $0.utf8.elementsEqual(line.name) }) {
      return SettingsFault(
        .unknownKey, line: line.number, "\(name) is no key of the file",
        "give it on the command line")
    }
    return SettingsFault(
      .unknownKey, line: line.number, "unknown key \(name)",
      suggestion ?? "\(program) --help lists the keys")
  }
}
