internal import TokenCore
internal import TokenWire

/// What is known of one token of a VALIDATE before the table is asked.
enum TokenCheck {
  /// Not to be looked up.
  case refused(Verdict)
  /// Authentic: its id may be looked up.
  case authentic(TokenID)
}
