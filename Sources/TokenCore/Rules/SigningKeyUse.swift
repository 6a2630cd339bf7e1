// Which keys may still speak.

extension ServiceState {
  /// Whether the key exists and has not been retired. What was prepared with another key is
  /// prepared again; what was signed with another key is dead.
  func isUsable(keyID: UInt8) -> Bool {
    let slot = UInt32(keyID) + 1
    guard keys.isLive(slot) else { return false }
    let state = UInt8(truncatingIfNeeded: keys.word(slot, 0) >> SigningKey.stateShift)
    return SigningKey.State(rawValue: state).map { $0 != .retired } ?? false
  }
}
