// Which keys may still speak.

extension ServiceState {
  /// Whether the key exists and has not been retired. What was prepared with another key is
  /// prepared again; what was signed with another key is dead.
  func isUsable(keyID: UInt8) -> Bool {
    guard let key = keys[UInt32(keyID) + 1] else { return false }
    return key.state != .retired
  }
}
