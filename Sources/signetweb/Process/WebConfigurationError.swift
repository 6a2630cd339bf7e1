internal import LinuxIO
internal import TokenWire

/// Why the settings cannot be used: where they say so, what is wrong, what to do about it.
struct WebConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `FILE:LINE`, a flag, or `configuration`.
  let place: String
  let problem: String
  let remedy: String

  init(_ place: String, _ problem: String, _ remedy: String) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  /// `FILE:LINE: problem; remedy`, one line.
  var description: String { PrintableText.escaped("\(place): \(problem); \(remedy)") }
}

/// One `key = value`, from the file or from a flag, not yet judged.
struct WebSetting: Equatable, Sendable {
  let key: WebKey
  /// Without surrounding blanks, not empty, without control characters.
  let value: String
  /// `FILE:LINE` or `--flag`.
  let place: String

  /// Takes bytes for a value, or says why not.
  init(
    _ key: WebKey, _ value: some Collection<UInt8>, _ place: String
  ) throws(WebConfigurationError) {
    guard !value.isEmpty else {
      throw WebConfigurationError(
        place, "\(key.rawValue) has no value", "give one or remove the key")
    }
    guard let text = String(validating: value, as: UTF8.self),
      !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
    else {
      throw WebConfigurationError(
        place, "the value of \(key.rawValue) is not plain text",
        "write it in UTF-8 without control characters")
    }
    self.key = key
    self.value = text
    self.place = place
  }

  /// An error about this setting.
  func error(_ problem: String, _ remedy: String) -> WebConfigurationError {
    WebConfigurationError(place, problem, remedy)
  }
}

/// What was written, for an error: at most 64 characters in quotes.
func quoted(_ bytes: some Collection<UInt8>) -> String {
  let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
  let shown = String(String.UnicodeScalarView(scalars.prefix(64)))
  return scalars.count > 64 ? "\"\(shown)...\"" : "\"\(shown)\""
}

func quoted(_ text: some StringProtocol) -> String { quoted(Array(text.utf8)) }

/// "did you mean ...?" for a name that is close to one of `known`, else nil.
func suggestion(
  for name: some Collection<UInt8>, among known: [String], prefix: String = ""
) -> String? {
  nearestName(to: name, among: known).map { "did you mean \(prefix)\($0)?" }
}
