import Testing

@testable import TokenCore

/// Every record comes back from its bytes as it was, and takes exactly the bytes it says.
@Suite struct StoredRecordTests {
  private func roundTrip<Record: StoredRecord & Equatable>(_ record: Record) {
    let bytes = record.encoded()
    #expect(bytes.count == Record.byteCount)
    var reader = FieldReader(bytes)
    #expect(Record(from: &reader) == record)
    #expect(reader.isAtEnd && !reader.isShort)
  }

  private static let id = TokenID(word0: 0x0102_0304_0506_0708, word1: 0x1112_1314_1516_1718)

  @Test func applicationWithEveryFieldAtItsLongest() {
    var app = ClientApplication(
      clientID: Array("abcdefghijklmnopqrstuvwxyz".utf8),
      fields: ApplicationFields(
        name: Array(repeating: 0x41, count: Limits.appNameMaxBytes),
        description: Array(repeating: 0x42, count: Limits.appDescriptionMaxBytes),
        homepage: Array(repeating: 0x43, count: Limits.homepageMaxBytes),
        iconURL: Array(repeating: 0x44, count: Limits.iconURLMaxBytes),
        callbacks: (0..<4).map { Array(repeating: 0x45 + UInt8($0), count: 255) },
        isTrusted: true, isPublic: true, grantTypes: .all,
        audiences: (0..<2).map { Array(repeating: 0x50 + UInt8($0), count: 511) },
        scopes: Array(repeating: 0x46, count: Limits.scopeMaxBytes)),
      creatorSlot: 7, isDynamicallyRegistered: true, secretDigest: Fixture.digest("secret"),
      createdAtMillis: 1)
    app.isDeleted = true
    app.revision = .max
    app.updatedAtMillis = .max
    roundTrip(app)
  }

  @Test func user() {
    roundTrip(
      User(
        id: Array(repeating: 0x7E, count: Limits.userIDMaxBytes), isDisabled: true,
        createdAtMillis: .max))
  }

  @Test func grant() {
    var grant = Grant(
      id: Self.id, appSlot: 1, userSlot: 2, scopeSet: 3, audience: 4, familySlot: 5, position: 6,
      createdAtMillis: 7, expiresAtSeconds: 8)
    grant.lastIssuedAtMillis = 9
    roundTrip(grant)
    #expect(Grant.strideBytes == 72)
  }

  /// Rows of another length need another version of the tables' bytes, and a reader of these.
  @Test func rowsAreThoseOfVersion2() {
    let limits = TableSizes().arenaLimits
    let strides = RecordKind.allCases.map { limits[$0].strideBytes }
    #expect(strides == [5_408, 152, 72, 104, 392, 288, 32, 208, 320, 24, 40, 2_384])
    #expect(limits.formatVersion == 2)
    var wide = limits
    for kind in RecordKind.allCases { wide[kind].strideBytes = limits[kind].wholeLineStrideBytes }
    let wideStrides = RecordKind.allCases.map { wide[$0].strideBytes }
    #expect(wideStrides == [5_440, 192, 128, 128, 448, 320, 64, 256, 320, 64, 64, 2_432])
    #expect(wide.formatVersion == 1 && limits.hasRows(of: wide) && !wide.hasRows(of: limits))
  }

  @Test func refreshFamily() {
    var family = RefreshFamily(
      id: Self.id, keyID: 1, grantSlot: 2, appSlot: 3, userSlot: 4, scopeSet: 5, audience: 6,
      position: 7, createdAtMillis: 8, absoluteExpirySeconds: 9, idleExpirySeconds: 10)
    (family.generation, family.isRevoked) = (.max, true)
    (family.accessID, family.accessKeyID) = (Self.id, 255)
    (family.accessScopeSet, family.accessExpirySeconds) = (11, 12)
    family.rotatedAtMillis = 13
    roundTrip(family)
  }

  @Test(arguments: [AuthorizationCode.State.fresh, .redeemed, .burnt])
  func authorizationCode(_ state: AuthorizationCode.State) {
    var code = AuthorizationCode(
      id: Self.id, keyID: 1, appSlot: 2, userSlot: 3, scopeSet: 4, audience: 5, position: 6,
      createdAtMillis: 7, expiresAtMillis: 8,
      codeChallenge: Array(repeating: 0x61, count: Limits.codeChallengeBytes),
      redirectURI: Array(repeating: 0x62, count: Limits.redirectURIMaxBytes))
    code.state = state
    (code.producedGrantSlot, code.producedGrantID) = (9, Self.id)
    roundTrip(code)
  }

  @Test func consentAndTicket() {
    roundTrip(
      Consent(
        userSlot: 1, appSlot: 2, scopeSet: 3,
        redirectURI: Array(repeating: 0x63, count: Limits.redirectURIMaxBytes),
        firstAllowedAtMillis: 4))
    roundTrip(UsedTicket(id: Self.id, expiresAtMillis: 5))
  }

  @Test func ledgers() {
    roundTrip(
      RetryRecord(
        peerUID: 1, key: Self.id, operation: 2, bodyDigest: Self.id, seed: Self.id, keyID: 3,
        position: 4, atMillis: 5, outcome: StoredOutcome(numbers: [6, 7])))
    roundTrip(Moment(position: 1, atMillis: 2))
    for event in AuditRecord.Event.allCases {
      roundTrip(
        AuditRecord(
          position: 1, atMillis: 2, event: event, refusal: 3, peerUID: 4,
          actor: Array("alice".utf8), user: Array("bob".utf8),
          clientID: Array("abcdefghijklmnopqrstuvwxyz".utf8)))
    }
  }

  @Test func keysAndSettings() {
    for state in [SigningKey.State.primary, .verifyOnly, .retired] {
      roundTrip(SigningKey(keyID: 255, state: state, salt: Self.id, createdAtMillis: 1))
    }
    roundTrip(Settings())
    var settings = Settings()
    settings.isProviderEnabled = true
    settings.dynamicRegistrationAllowlist = [Array("https://a.example/**".utf8), []]
    settings.issuer = Array(repeating: 0x64, count: Limits.issuerMaxBytes)
    settings.grantsPerUser = 7
    roundTrip(settings)
  }

  @Test func consentTicketBytesAreUnambiguous() {
    let ticket = ConsentTicket(
      id: Self.id, expiresAtMillis: 1, appRevision: 2, user: [1], clientID: [2], responseType: [3],
      redirectURI: [4, 5], scope: [], state: [6], codeChallenge: [], resource: [7])
    let bytes = ticket.encoded()
    #expect(ConsentTicket(encoded: bytes) == ticket)
    #expect(ConsentTicket(encoded: bytes + [0]) == nil)
    for count in 0..<bytes.count {
      #expect(ConsentTicket(encoded: Array(bytes.prefix(count))) == nil)
    }
  }
}
