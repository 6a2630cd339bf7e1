extension ServiceState {
  func dynamicApplication(
    _ request: RegisterDynamically, nowMillis: UInt64
  ) throws(Refusal) -> ClientApplication { preconditionFailure() }
  func registerAppDynamically(_ request: RegisterDynamically, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func disableUser(_ user: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func enableUser(_ user: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func revokeUser(_ user: [UInt8], _ reason: RevokeUserReason, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func revokeApp(_ clientID: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func revokeBefore(_ millis: UInt64, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func getSettings(_ person: Person) throws(Refusal) -> Outcome { preconditionFailure() }
  func setSettings(_ person: Person, _ changes: [SettingChange], _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func listKeys() -> Outcome { preconditionFailure() }
  func rotateKey(_ salt: TokenID, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func retireKey(_ keyID: UInt8, force: Bool, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func listAudit(_ page: Page) -> Outcome { preconditionFailure() }
}
