import StorageSupport
import TokenCore

/// Random effects of every type, every field of them set.
struct EffectSamples {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed) }

  /// One of each type, in the order of their numbers; the two transient ones last.
  mutating func all() -> [Effect] {
    [
      .tokenIssued(u32(), token()), .tokenRevoked(u32()), .tokenFreed(u32()),
      .grant(u32(), grant()), .grantFreed(u32()), .family(u32(), family()), .familyFreed(u32()),
      .code(u32(), code()), .codeFreed(u32()), .consent(u32(), consent()), .consentFreed(u32()),
      .app(u32(), app()), .appFreed(u32()), .user(u32(), user()), .userFreed(u32()),
      .ticketUsed(u32(), UsedTicket(id: id(), expiresAtMillis: random.next())),
      .ticketFreed(u32()), .gateRaised(gate(), position: random.next()),
      .scopeSet(u16(), text(Limits.scopeMaxBytes)), .audience(u16(), text(Limits.audienceMaxBytes)),
      .settings(settings()), .key(key()), .retry(u32(), retry()), .audit(u32(), audit()),
      .moment(u32(), Moment(position: random.next(), atMillis: random.next())),
      .clientAuthenticationFailed(u32(), atMillis: random.next()),
      .dynamicRegistration(atMillis: random.next()), .newTextOfApp(u32()),
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
      kind: UInt8(random.below(64)), keyID: u8(), expirySeconds: u32(), id: id(),
      digest: TokenDigest(word0: random.next(), word1: random.next()), position: random.next(),
      scopeSet: u16(), audience: u16(), flags: u16(), grant: u32(), app: u32(), user: u32())
  }

  private mutating func grant() -> Grant {
    var grant = Grant(
      id: id(), appSlot: u32(), userSlot: u32(), scopeSet: u16(), audience: u16(),
      familySlot: u32(), position: random.next(), createdAtMillis: random.next(),
      expiresAtSeconds: u32())
    grant.lastIssuedAtMillis = random.next()
    return grant
  }

  private mutating func family() -> RefreshFamily {
    var family = RefreshFamily(
      id: id(), keyID: u8(), grantSlot: u32(), appSlot: u32(), userSlot: u32(), scopeSet: u16(),
      audience: u16(), position: random.next(), createdAtMillis: random.next(),
      absoluteExpirySeconds: u32(), idleExpirySeconds: u32())
    (family.generation, family.isRevoked, family.rotatedAtMillis) = (u32(), bool(), random.next())
    (family.accessID, family.accessKeyID) = (id(), u8())
    (family.accessScopeSet, family.accessExpirySeconds) = (u16(), u32())
    return family
  }

  private mutating func code() -> AuthorizationCode {
    var code = AuthorizationCode(
      id: id(), keyID: u8(), appSlot: u32(), userSlot: u32(), scopeSet: u16(), audience: u16(),
      position: random.next(), createdAtMillis: random.next(), expiresAtMillis: random.next(),
      codeChallenge: text(Limits.codeChallengeBytes), redirectURI: text(Limits.redirectURIMaxBytes))
    code.state = [.fresh, .redeemed, .burnt][random.below(3)]
    (code.producedGrantSlot, code.producedGrantID) = (u32(), id())
    return code
  }

  private mutating func consent() -> Consent {
    Consent(
      userSlot: u32(), appSlot: u32(), scopeSet: u16(),
      redirectURI: text(Limits.redirectURIMaxBytes), firstAllowedAtMillis: random.next())
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
      clientID: (0..<26).map { _ in u8() }, fields: fields, creatorSlot: u32(),
      isDynamicallyRegistered: bool(), secretDigest: SecretDigest(bytes: digest),
      createdAtMillis: random.next())
    (app.isDeleted, app.revision, app.updatedAtMillis) = (bool(), u32(), random.next())
    return app
  }

  private mutating func user() -> User {
    User(id: text(Limits.userIDMaxBytes), isDisabled: bool(), createdAtMillis: random.next())
  }

  private mutating func gate() -> Gate {
    switch random.below(5) {
    case 0: .grant(u32())
    case 1: .app(u32())
    case 2: .user(u32())
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
      createdAtMillis: random.next())
  }

  private mutating func retry() -> RetryRecord {
    RetryRecord(
      peerUID: u32(), key: id(), operation: u16(), bodyDigest: id(), seed: id(), keyID: u8(),
      position: random.next(), atMillis: random.next(),
      outcome: StoredOutcome(
        numbers: (0..<random.below(StoredOutcome.capacity + 1)).map { _ in random.next() }))
  }

  private mutating func audit() -> AuditRecord {
    let events = AuditRecord.Event.allCases
    return AuditRecord(
      position: random.next(), atMillis: random.next(), event: events[random.below(events.count)],
      refusal: u16(), peerUID: u32(), actor: text(Limits.userIDMaxBytes),
      user: text(Limits.userIDMaxBytes), clientID: text(26))
  }
}
