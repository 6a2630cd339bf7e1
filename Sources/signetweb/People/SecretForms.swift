internal import TokenWire

/// Which forms made client secrets, so that a form which is sent again is not answered with a
/// secret that was shown before or fails by now. The service repeats its answer to a repeated form;
/// it cannot know that another form was sent since.
///
/// What an administrator does with `signetctl` meanwhile is not seen here; the page that shows a
/// secret asks the service whether it is still the present one (`ApplicationHandler`).
struct SecretForms {
  private struct Made {
    let form: Bytes16
    let clientID: [UInt8]
    let atMillis: UInt64
    var wasShown = false
  }

  static let countMax = 1_024

  /// In the order in which the secrets were made; one for each form.
  private var made: [Made] = []

  /// A form made a secret of this app. Nothing new when the service repeated its answer.
  mutating func note(_ form: Bytes16, _ clientID: [UInt8], nowMillis: UInt64) {
    // Older forms are not taken any more.
    made.removeAll { nowMillis >= $0.atMillis + FormTokens.lifetimeMillis }
    if let index = made.firstIndex(where: { $0.form == form }) {
      if made[index].clientID == clientID { return }
      made.remove(at: index)
    }
    if made.count == Self.countMax { made.removeFirst() }
    made.append(Made(form: form, clientID: clientID, atMillis: nowMillis))
  }

  /// A person has seen the secret that the form made.
  mutating func noteShown(_ form: Bytes16) {
    if let index = made.firstIndex(where: { $0.form == form }) { made[index].wasShown = true }
  }

  /// Whether the form made a secret of this app that was shown, or another was made since.
  func isSpent(_ form: Bytes16, _ clientID: [UInt8]) -> Bool {
    guard let index = made.firstIndex(where: { $0.form == form && $0.clientID == clientID }) else {
      return false
    }
    return made[index].wasShown || made[(index + 1)...].contains { $0.clientID == clientID }
  }
}
