internal import TokenWire

/// Whether the caller may speak for the person it names. The opcode's own rights were checked
/// before the body was decoded; this is what `acting` asks for on top.
enum ActingCheck {
  /// The right that the caller lacks; nil = it may.
  static func missingRight(_ acting: Acting, _ rights: RightSet) -> RightSet? {
    #if PLANTED
      if planted(.actingNotChecked) { return nil }
    #endif
    switch acting.login {
    case .local:
      return rights.contains(.admin) ? nil : .admin
    case .session:
      let needed: RightSet = acting.systemAdmin ? [.front, .frontAdmin] : [.front]
      let missing = needed.subtracting(rights)
      return missing.isEmpty ? nil : missing
    case .oauthToken:
      // Refused by the rules for what it is, whatever it says of the person.
      return rights.contains(.front) ? nil : .front
    }
  }
}
