internal import LinuxIO

/// A value made of words: the first stands for itself, each other is `name=value`.
struct SettingWords {
  let first: String
  private let rest: [Substring]
  private let assignment: Assignment

  init(_ assignment: Assignment) {
    let words = SettingText.words(assignment.value)
    first = words.first.map(String.init) ?? ""
    rest = Array(words.dropFirst())
    self.assignment = assignment
  }

  /// The other words, in the order given; only the names listed, each at most once.
  func named(_ names: [String]) throws(ConfigurationError) -> [(name: String, value: String)] {
    var found: [(name: String, value: String)] = []
    for word in rest {
      let parts = word.utf8.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw error(.badSyntax, "\(quoted(word)) is not name=value", expected(names))
      }
      guard let name = names.first(where: { $0.utf8.elementsEqual(parts[0]) }) else {
        throw error(
          .badSyntax, "\(quoted(parts[0])) means nothing here",
          suggestion(for: parts[0], among: names) ?? expected(names))
      }
      if found.contains(where: { $0.name == name }) {
        throw error(.duplicate, "\(name)= is given twice", "keep one")
      }
      found.append((name, String(decoding: parts[1], as: UTF8.self)))
    }
    return found
  }

  private func expected(_ names: [String]) -> String {
    "after \(first.isEmpty ? "the value" : "the first word") come only "
      + names.map { "\($0)=" }.joined(separator: ", ")
  }

  private func error(
    _ kind: ConfigurationError.Kind, _ problem: String, _ remedy: String
  ) -> ConfigurationError {
    ConfigurationError(kind, assignment.origin, problem, remedy)
  }
}

/// Reads a path that means the same from everywhere: absolute, no empty, `.` or `..` component.
/// One slash at the end is taken off. A path that a line of the file could not say is refused.
func absolutePath(
  _ word: String, _ assignment: Assignment
) throws(ConfigurationError) -> String {
  let slash = UInt8(ascii: "/")
  var bytes = Array(word.utf8)
  guard bytes.first == slash else {
    throw ConfigurationError(
      .badValue, assignment.origin, "\(quoted(word)) is not an absolute path",
      "begin the path with /")
  }
  if bytes.count > 1 && bytes.last == slash { bytes.removeLast() }
  guard SettingText.isPlainAbsolutePath(bytes), bytes.count <= 4_095 else {
    throw ConfigurationError(
      .badValue, assignment.origin, "\(quoted(word)) is not a plain path",
      "write it without empty parts, \".\" and \"..\", at most 4095 bytes")
  }
  guard SettingsReader.keeps(bytes) else {
    throw ConfigurationError(
      .badValue, assignment.origin,
      "\(quoted(word)) ends in a blank, or a # in it comes after one, where a comment begins",
      "choose another name")
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// Whether `path` is `directory` or lies below it; both are plain absolute paths.
func isPath(_ path: String, within directory: String) -> Bool {
  let (path, directory) = (Array(path.utf8), Array(directory.utf8))
  guard path.starts(with: directory) else { return false }
  return path.count == directory.count || path[directory.count] == UInt8(ascii: "/")
}
