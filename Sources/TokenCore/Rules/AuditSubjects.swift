extension AuditSubject {
  /// What an operation of a person on an application is recorded as. Texts that are no ids are left
  /// out: an attempt is recorded before its request has been judged.
  init(
    _ event: AuditRecord.Event, by person: Person, user: [UInt8] = [], clientID: [UInt8] = []
  ) {
    self.init(event, user: user, clientID: clientID)
    if UserID.isWellFormed(person.user) { actor = person.user }
  }

  /// What an operation of local administration is recorded as.
  init(_ event: AuditRecord.Event, user: [UInt8] = [], clientID: [UInt8] = []) {
    self.init(event: event)
    if UserID.isWellFormed(user) { self.user = user }
    if clientID.count == Limits.clientIDBytes { self.clientID = clientID }
  }
}
