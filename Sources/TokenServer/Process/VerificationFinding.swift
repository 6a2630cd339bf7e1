internal import LinuxIO
internal import TokenStorage

/// Something that a start that met it would refuse, with the status that it would end with.
struct VerificationFinding: Equatable, CustomStringConvertible {
  var code: ExitCode
  /// A name in the directory, or a path.
  var file: String
  var offset: Int?
  var found: String
  /// What the operator can do.
  var advice: String

  init(_ refusal: RecoveryRefusal) {
    self.init(
      ExitCode(refusal), refusal.file, offset: refusal.offset, refusal.found, refusal.advice)
  }

  init(_ code: ExitCode, _ file: String, offset: Int? = nil, _ found: String, _ advice: String) {
    self.code = code
    self.file = file
    self.offset = offset
    self.found = found
    self.advice = advice
  }

  /// As the start's own message, without the directory.
  var description: String {
    let place = offset.map { "\(file), byte \($0)" } ?? file
    return "\(place): \(found); \(advice)"
  }
}
