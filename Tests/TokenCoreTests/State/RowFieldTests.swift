import Testing

@testable import TokenCore

/// A record's field that names a row, a position or a time lies where `fields` says.
@Suite struct RowFieldTests {
  private static let id = TokenID(word0: .max, word1: .max)

  private func numbers<Record: StoredRecord>(
    _ record: Record
  ) -> [(RowField.Meaning, UInt64)] {
    let bytes = record.encoded()
    return Record.fields.map { ($0.meaning, $0.number(in: bytes)) }
  }

  private func expect<Record: StoredRecord>(
    _ record: Record, _ wanted: [(RowField.Meaning, UInt64)]
  ) {
    let found = numbers(record)
    #expect(found.map(\.0) == wanted.map(\.0) && found.map(\.1) == wanted.map(\.1), "\(found)")
  }

  @Test func grant() {
    var grant = Grant(
      id: Self.id, appSlot: 1, userSlot: 2, scopeSet: 4, audience: 5, familySlot: 3, position: 6,
      createdAtMillis: 7, expiresAtSeconds: .max)
    grant.lastIssuedAtMillis = 8
    expect(
      grant,
      [
        (.row(.apps), 1), (.row(.users), 2), (.row(.families), 3), (.row(.scopeSets), 4),
        (.row(.audiences), 5), (.position, 6), (.time, 7), (.time, 8),
      ])
  }

  @Test func family() {
    var family = RefreshFamily(
      id: Self.id, keyID: .max, grantSlot: 1, appSlot: 2, userSlot: 3, scopeSet: 4, audience: 5,
      position: 7, createdAtMillis: 8, absoluteExpirySeconds: .max, idleExpirySeconds: .max)
    (family.generation, family.accessID, family.accessKeyID) = (.max, Self.id, .max)
    (family.accessScopeSet, family.rotatedAtMillis, family.accessExpirySeconds) = (6, 9, .max)
    expect(
      family,
      [
        (.row(.grants), 1), (.row(.apps), 2), (.row(.users), 3), (.row(.scopeSets), 4),
        (.row(.audiences), 5), (.row(.scopeSets), 6), (.position, 7), (.time, 8), (.time, 9),
      ])
  }

  @Test func code() {
    var code = AuthorizationCode(
      id: Self.id, keyID: .max, appSlot: 3, userSlot: 4, scopeSet: 1, audience: 2, position: 6,
      createdAtMillis: 7, expiresAtMillis: 8, codeChallenge: [.max], redirectURI: [.max])
    (code.producedGrantID, code.producedGrantSlot) = (Self.id, 5)
    expect(
      code,
      [
        (.row(.scopeSets), 1), (.row(.audiences), 2), (.row(.apps), 3), (.row(.users), 4),
        (.row(.grants), 5), (.position, 6), (.time, 7), (.time, 8),
      ])
  }

  @Test func consentAndTicket() {
    expect(
      Consent(userSlot: 1, appSlot: 2, scopeSet: 3, redirectURI: [.max], firstAllowedAtMillis: 4),
      [(.row(.users), 1), (.row(.apps), 2), (.row(.scopeSets), 3), (.time, 4)])
    expect(UsedTicket(id: Self.id, expiresAtMillis: 1), [(.time, 1)])
  }

  @Test func applicationAndUser() {
    var app = ClientApplication(
      clientID: [UInt8](repeating: .max, count: 26),
      fields: ApplicationFields(
        name: [.max], description: [], homepage: [], iconURL: [], callbacks: [], isTrusted: true,
        isPublic: true, grantTypes: .all, audiences: [], scopes: []),
      creatorSlot: 1, isDynamicallyRegistered: true, secretDigest: Fixture.digest("secret"),
      createdAtMillis: 2)
    (app.revision, app.updatedAtMillis) = (.max, 3)
    expect(app, [(.row(.users), 1), (.time, 2), (.time, 3)])
    expect(
      User(
        id: [UInt8](repeating: .max, count: Limits.userIDMaxBytes), isDisabled: true,
        createdAtMillis: 1), [(.time, 1)])
  }

  @Test func ledgers() {
    expect(
      RetryRecord(
        peerUID: .max, key: Self.id, operation: .max, bodyDigest: Self.id, seed: Self.id,
        keyID: .max, position: 1, atMillis: 2, outcome: StoredOutcome(numbers: [.max])),
      [(.position, 1), (.time, 2)])
    expect(
      AuditRecord(
        position: 1, atMillis: 2, event: .denied, refusal: .max, peerUID: .max, actor: [.max],
        user: [.max], clientID: [.max]), [(.position, 1), (.time, 2)])
    expect(Moment(position: 1, atMillis: 2), [(.position, 1), (.time, 2)])
    expect(
      SigningKey(keyID: .max, state: .primary, salt: Self.id, createdAtMillis: 1), [(.time, 1)])
  }
}
