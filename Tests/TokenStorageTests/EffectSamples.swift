import StorageSupport
import TokenCore

/// Random effects of every type, every field of them set.
struct EffectSamples {
  private var random: SplitMix64
  /// Whether rows, positions and times are such as a version writes, and not just any bits.
  private let isPossible: Bool

  init(seed: UInt64, possible: Bool = true) {
    random = SplitMix64(seed)
    isPossible = possible
  }

  /// One of each type, in the order of their numbers; the two transient ones last.
  mutating func all() -> [Effect] {
    [
      .tokenIssued(row(), token()), .tokenRevoked(row()), .tokenFreed(row()),
      .grant(row(), grant()), .grantFreed(row()), .family(row(), family()), .familyFreed(row()),
      .code(row(), code()), .codeFreed(row()), .consent(row(), consent()), .consentFreed(row()),
      .app(row(), app()), .appFreed(row()), .user(row(), user()), .userFreed(row()),
      .ticketUsed(row(), UsedTicket(id: id(), expiresAtMillis: number())),
      .ticketFreed(row()), .gateRaised(gate(), position: number()),
      .scopeSet(textID(), text(Limits.scopeMaxBytes)),
      .audience(textID(), text(Limits.audienceMaxBytes)),
      .settings(settings()), .key(key()), .retry(row(), retry()), .audit(row(), audit()),
      .moment(row(), Moment(position: number(), atMillis: number())),
      .clientAuthenticationFailed(row(), atMillis: number()),
      .dynamicRegistration(atMillis: number()), .newTextOfApp(row()),
    ]
  }

  /// The type's place in `all()`. No default: a new effect does not compile until it is here.
  static func place(_ effect: Effect) -> Int {
    switch effect {
    case .tokenIssued: 0
    case .tokenRevoked: 1
    case .tokenFreed: 2
    case .grant: 3
    case .grantFreed: 4
    case .family: 5
    case .familyFreed: 6
    case .code: 7
    case .codeFreed: 8
    case .consent: 9
    case .consentFreed: 10
    case .app: 11
    case .appFreed: 12
    case .user: 13
    case .userFreed: 14
    case .ticketUsed: 15
    case .ticketFreed: 16
    case .gateRaised: 17
    case .scopeSet: 18
    case .audience: 19
    case .settings: 20
    case .key: 21
    case .retry: 22
    case .audit: 23
    case .moment: 24
    case .clientAuthenticationFailed: 25
    case .dynamicRegistration: 26
    case .newTextOfApp: 27
    }
  }
}

// MARK: - Values

extension EffectSamples {
  private mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: random.next()) }
  private mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: random.next()) }
  private mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
  private mutating func row() -> UInt32 { isPossible ? u32() % 268_435_455 + 1 : u32() }
  private mutating func textID() -> UInt16 { isPossible ? u16() | 1 : u16() }
  private mutating func number() -> UInt64 { random.next() >> (isPossible ? 17 : 0) }
  private mutating func bool() -> Bool { random.below(2) == 0 }

  private mutating func id() -> TokenID {
    let word0 = random.next()
    return TokenID(word0: word0, word1: random.next())
  }

  private mutating func text(_ most: Int) -> [UInt8] {
    let count = random.below(most + 1)
    return (0..<count).map { _ in u8() }
  }

  private mutating func token() -> TokenRecord {
    TokenRecord(
      kind: isPossible ? UInt8(random.below(63)) + 1 : UInt8(random.below(64)), keyID: u8(),
      expirySeconds: u32(), id: id(),
      digest: TokenDigest(word0: random.next(), word1: random.next()), position: number(),
      scopeSet: u16(), audience: u16(), flags: u16(), grant: row(), app: row(), user: row())
  }

  private mutating func grant() -> Grant {
    var grant = Grant(
      id: id(), appSlot: row(), userSlot: row(), scopeSet: u16(), audience: u16(),
      familySlot: row(), position: number(), createdAtMillis: number(),
      expiresAtSeconds: u32())
    grant.lastIssuedAtMillis = number()
    return grant
  }

  private mutating func family() -> RefreshFamily {
    var family = RefreshFamily(
      id: id(), keyID: u8(), grantSlot: row(), appSlot: row(), userSlot: row(), scopeSet: u16(),
      audience: u16(), position: number(), createdAtMillis: number(),
      absoluteExpirySeconds: u32(), idleExpirySeconds: u32())
    (family.generation, family.isRevoked, family.rotatedAtMillis) = (u32(), bool(), number())
    (family.accessID, family.accessKeyID) = (id(), u8())
    (family.accessScopeSet, family.accessExpirySeconds) = (u16(), u32())
    return family
  }

  private mutating func code() -> AuthorizationCode {
    var code = AuthorizationCode(
      id: id(), keyID: u8(), appSlot: row(), userSlot: row(), scopeSet: u16(), audience: u16(),
      position: number(), createdAtMillis: number(), expiresAtMillis: number(),
      codeChallenge: text(Limits.codeChallengeBytes), redirectURI: text(Limits.redirectURIMaxBytes))
    code.state = [.fresh, .redeemed, .burnt][random.below(3)]
    (code.producedGrantSlot, code.producedGrantID) = (row(), id())
    return code
  }

  private mutating func consent() -> Consent {
    Consent(
      userSlot: row(), appSlot: row(), scopeSet: u16(),
      redirectURI: text(Limits.redirectURIMaxBytes), firstAllowedAtMillis: number())
  }

  private mutating func app() -> ClientApplication {
    let callbacks = (0..<random.below(5)).map { _ in text(200) }
    let audiences = (0..<random.below(4)).map { _ in text(200) }
    let fields = ApplicationFields(
      name: text(Limits.appNameMaxBytes), description: text(Limits.appDescriptionMaxBytes),
      homepage: text(Limits.homepageMaxBytes), iconURL: text(Limits.iconURLMaxBytes),
      callbacks: callbacks, isTrusted: bool(), isPublic: bool(),
      grantTypes: GrantTypes(rawValue: u16()), audiences: audiences,
      scopes: text(Limits.scopeMaxBytes))
    var digest = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { digest[index] = u8() }
    var app = ClientApplication(
      clientID: (0..<26).map { _ in u8() }, fields: fields, creatorSlot: row(),
      isDynamicallyRegistered: bool(), secretDigest: SecretDigest(bytes: digest),
      createdAtMillis: number())
    (app.isDeleted, app.revision, app.updatedAtMillis) = (bool(), u32(), number())
    return app
  }

  private mutating func user() -> User {
    User(id: text(Limits.userIDMaxBytes), isDisabled: bool(), createdAtMillis: number())
  }

  private mutating func gate() -> Gate {
    switch random.below(5) {
    case 0: .grant(row())
    case 1: .app(row())
    case 2: .user(row())
    case 3: .key(u8())
    default: .service
    }
  }

  private mutating func settings() -> Settings {
    var settings = Settings()
    settings.isProviderEnabled = bool()
    settings.restrictsIntegrationsToAdmins = bool()
    settings.enablesUsernameOverride = bool()
    settings.enablesIconOverride = bool()
    settings.allowsDynamicRegistration = bool()
    settings.dynamicRegistrationAllowlist = (0..<random.below(5)).map { _ in text(300) }
    settings.requiresHTTPSURLs = bool()
    settings.codeLifetimeSeconds = u32()
    settings.accessTokenLifetimeSeconds = u32()
    settings.refreshIdleSeconds = u32()
    settings.refreshAbsoluteSeconds = u32()
    settings.refreshGraceSeconds = u32()
    settings.issuesRefreshTokensToPublicClients = bool()
    settings.revokesOnPasswordChange = bool()
    settings.grantsPerUser = u32()
    settings.issuer = text(Limits.issuerMaxBytes)
    return settings
  }

  private mutating func key() -> SigningKey {
    SigningKey(
      keyID: u8(), state: [.primary, .verifyOnly, .retired][random.below(3)], salt: id(),
      createdAtMillis: number())
  }

  private mutating func retry() -> RetryRecord {
    RetryRecord(
      peerUID: u32(), key: id(), operation: u16(), bodyDigest: id(), seed: id(), keyID: u8(),
      position: number(), atMillis: number(),
      outcome: StoredOutcome(
        numbers: (0..<random.below(StoredOutcome.capacity + 1)).map { _ in random.next() }))
  }

  private mutating func audit() -> AuditRecord {
    let events = AuditRecord.Event.allCases
    return AuditRecord(
      position: number(), atMillis: number(), event: events[random.below(events.count)],
      refusal: u16(), peerUID: u32(), actor: text(Limits.userIDMaxBytes),
      user: text(Limits.userIDMaxBytes), clientID: text(26))
  }
}
