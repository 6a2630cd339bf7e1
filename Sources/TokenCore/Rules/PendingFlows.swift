extension ServiceState {
  func issue(_ request: IssueTokens, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func authorize(_ request: Authorize, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func allow(_ answer: AnswerConsent, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func deny(_ answer: AnswerConsent, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func exchange(_ request: ExchangeCode, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func refresh(_ request: RefreshTokens, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func clientCredentials(_ request: GrantClientCredentials, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func clientRevoke(_ client: ClientCredential, _ subject: RevocationSubject, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func revoke(_ subject: RevocationSubject, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func introspect(_ subject: IntrospectionSubject, _ plan: Plan) -> Outcome { preconditionFailure() }
  func clientIntrospect(_ client: ClientCredential, _ subject: IntrospectionSubject, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func listGrants(_ person: Person, user: [UInt8], clientID: [UInt8], _ page: Page, _ plan: Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func getGrant(_ person: Person, _ reference: GrantReference, _ plan: Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func revokeGrant(_ person: Person, _ reference: GrantReference, _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func authorizedApps(_ person: Person, user: [UInt8], _ page: Page, _ plan: Plan) throws(Refusal) -> Outcome { preconditionFailure() }
  func deauthorize(_ person: Person, user: [UInt8], clientID: [UInt8], _ plan: inout Plan) throws(Refusal) -> Outcome { preconditionFailure() }
}
