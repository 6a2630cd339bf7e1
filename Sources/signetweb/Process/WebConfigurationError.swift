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

  /// What the file or a setting given at `place` has wrong.
  init(_ fault: SettingsFault, _ place: String) {
    self.init(place, fault.problem, fault.remedy)
  }

  /// What the configuration file has wrong.
  init(_ fault: SettingsFault, file name: String) {
    self.init(fault, fault.line.map { "\(name):\($0)" } ?? name)
  }

  /// `FILE:LINE: problem; remedy`, one line.
  var description: String { PrintableText.escaped("\(place): \(problem); \(remedy)") }
}

/// One `key = value`, from the file or from a flag, not yet judged.
struct WebSetting: Equatable, Sendable {
  let key: WebKey
  /// Without surrounding blanks, as `SettingText.read` gives it.
  let value: String
  /// `FILE:LINE` or `--flag`.
  let place: String

  /// An error about this setting.
  func error(_ problem: String, _ remedy: String) -> WebConfigurationError {
    WebConfigurationError(place, problem, remedy)
  }
}

func quoted(_ bytes: some Collection<UInt8>) -> String { PrintableText.quoted(bytes) }

func quoted(_ text: some StringProtocol) -> String { quoted(Array(text.utf8)) }

/// "did you mean ...?" for a name that is close to one of `known`, else nil.
func suggestion(
  for name: some Collection<UInt8>, among known: [String], prefix: String = ""
) -> String? {
  nearestName(to: name, among: known).map { "did you mean \(prefix)\($0)?" }
}
