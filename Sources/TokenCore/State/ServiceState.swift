/// All that the service knows: the tables in the arena, the gates, and what is derived from them.
///
/// One writer, the commit lane, holds it and passes it `inout`. Workers validate through `space`,
/// `gates` and the readers, which stay valid while the state lives.
public struct ServiceState: ~Copyable {
  // What workers read too.
  public let gates: Gates
  public let space: TokenSpace
  public let texts: SharedTexts
  let arena: Arena

  // Durable: everything here lies in the arena.
  var tokens: TokenSlab
  var scopeSets: TextTable
  var audiences: TextTable
  var apps: StoredTable<ClientApplication>
  var users: StoredTable<User>
  var grants: StoredTable<Grant>
  var families: StoredTable<RefreshFamily>
  var codes: StoredTable<AuthorizationCode>
  var consents: StoredTable<Consent>
  var tickets: StoredTable<UsedTicket>
  var retries: StoredTable<RetryRecord>
  var auditTrail: StoredTable<AuditRecord>
  var moments: StoredTable<Moment>
  var keys: StoredTable<SigningKey>
  var settingsTable: StoredTable<Settings>

  // Derived: rebuilt from the tables.
  var indexes: StateIndexes
  var derived: DerivedState

  /// The last commit position; 0 = nothing was ever committed.
  public internal(set) var position: UInt64 = 0
  public internal(set) var settings = Settings()

  /// Takes the state as it lies in the arena: empty, or as a snapshot left it.
  ///
  /// - Parameters:
  ///   - hash: keyed with random bits drawn at start; indexes are derived, so the key is not kept.
  ///   - indexMapping: where index segments come from; nil = the allocator.
  ///   - splitClock: what splits of the token index are timed by; nil = they are not.
  ///   - position: of the snapshot that the arena was loaded from. nil = not known: the highest one
  ///     that a record tells of, which a commit that left no record may have passed.
  public init(
    arena: Arena, hash: TextHash, indexMapping: IndexMapping? = nil,
    splitClock: SplitClock? = nil, position: UInt64? = nil
  ) {
    self.arena = arena
    gates = Gates(arena)
    tokens = TokenSlab(arena)
    scopeSets = TextTable(arena, .scopeSets, hash: hash)
    audiences = TextTable(arena, .audiences, hash: hash)
    apps = StoredTable(arena)
    users = StoredTable(arena)
    grants = StoredTable(arena)
    families = StoredTable(arena)
    codes = StoredTable(arena)
    consents = StoredTable(arena)
    tickets = StoredTable(arena)
    retries = StoredTable(arena)
    auditTrail = StoredTable(arena)
    moments = StoredTable(arena)
    keys = StoredTable(arena)
    settingsTable = StoredTable(arena)
    indexes = StateIndexes(
      hash: hash,
      tokens: TokenIndex(mapping: indexMapping, expected: tokens.liveCount, clock: splitClock),
      users: TokenIndex(expected: users.liveCount), grants: TokenIndex(expected: grants.liveCount),
      families: TokenIndex(expected: families.liveCount))
    derived = DerivedState(arena.layout.limits)
    space = TokenSpace(slab: tokens.reader, index: indexes.tokens.reader, gates: gates)
    texts = SharedTexts(
      apps: apps.reader, users: users.reader, scopeSets: scopeSets.reader,
      audiences: audiences.reader)
    rebuild()
    if let position {
      precondition(self.position <= position, "no record is newer than the snapshot")
      self.position = position
    }
  }

  /// The provider's switch and the two overrides as one word for the workers.
  static func providerSwitch(_ settings: Settings) -> ProviderSwitch {
    var value: ProviderSwitch = []
    if settings.isProviderEnabled { value.insert(.on) }
    if settings.enablesUsernameOverride { value.insert(.usernameOverride) }
    if settings.enablesIconOverride { value.insert(.iconOverride) }
    return value
  }
}

extension ServiceState {
  /// How full each table is.
  public var usage: [(name: String, live: Int, capacity: Int)] {
    [
      ("tokens", tokens.liveCount, tokens.capacity),
      ("grants", grants.liveCount, grants.capacity),
      ("families", families.liveCount, families.capacity),
      ("codes", codes.liveCount, codes.capacity),
      ("consents", consents.liveCount, consents.capacity),
      ("users", users.liveCount, users.capacity),
      ("apps", apps.liveCount, apps.capacity),
      ("tickets", tickets.liveCount, tickets.capacity),
      ("scope-sets", scopeSets.count, scopeSets.capacity),
      ("audiences", audiences.count, audiences.capacity),
    ]
  }

  /// How long splits of the token index took since the start.
  public var indexSplitTimes: IndexSplitTimes { indexes.tokens.splitTimes }

  /// The rows of every key id in use, lowest first.
  public var signingKeys: [SigningKey] {
    stride(from: 1, through: keys.highWater, by: 1).compactMap { keys[UInt32($0)] }
  }
}

/// The texts that an `identity` reply carries, for any thread. See `TokenSpace` for the protocol:
/// copy first, then ask whether the token is still live.
public struct SharedTexts: Sendable {
  let apps: RecordReader
  let users: RecordReader
  let scopeSets: TextReader
  let audiences: TextReader

  // Each of these copies a text into the buffer, which has room for its longest form, and says how
  // many bytes it took. While a slot changes hands the bytes may be a mixture of two texts.

  /// 26 bytes.
  @unsafe
  public func copyClientID(_ appSlot: UInt32, into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = ClientApplication.clientIDByteCount
    unsafe apps.copyBytes(
      appSlot, offset: ClientApplication.clientIDOffset,
      into: UnsafeMutableRawBufferPointer(rebasing: target[..<count]))
    return count
  }

  /// 0 bytes for slot 0, else 1 to 128.
  @unsafe
  public func copyUserID(_ userSlot: UInt32, into target: UnsafeMutableRawBufferPointer) -> Int {
    guard userSlot != 0 else { return 0 }
    let length = users.word(userSlot, offset: User.idLengthOffset)
    let count = min(Int(length & 0xFFFF), Limits.userIDMaxBytes)
    unsafe users.copyBytes(
      userSlot, offset: User.idOffset,
      into: UnsafeMutableRawBufferPointer(rebasing: target[..<count]))
    return count
  }

  /// 0 bytes for id 0, else at most 128: the scopes, one space between. Whole whenever it is read.
  @unsafe
  public func copyScope(_ id: UInt16, into target: UnsafeMutableRawBufferPointer) -> Int {
    unsafe scopeSets.copyBytes(id, into: target) ?? 0
  }

  /// 0 bytes for id 0, else at most 512: an absolute URI. Whole whenever it is read.
  @unsafe
  public func copyAudience(_ id: UInt16, into target: UnsafeMutableRawBufferPointer) -> Int {
    unsafe audiences.copyBytes(id, into: target) ?? 0
  }
}

/// Hash → slot, for every table that is looked up by more than its slot.
struct StateIndexes: ~Copyable {
  let hash: TextHash
  var tokens: TokenIndex
  var users: TokenIndex
  var grants: TokenIndex
  var families: TokenIndex
  var apps = TokenIndex()
  var codes = TokenIndex()
  var consents = TokenIndex()
  var tickets = TokenIndex()
  var retries = TokenIndex()

  init(
    hash: TextHash, tokens: consuming TokenIndex, users: consuming TokenIndex,
    grants: consuming TokenIndex, families: consuming TokenIndex
  ) {
    self.hash = hash
    self.tokens = tokens
    self.users = users
    self.grants = grants
    self.families = families
  }
}

/// What is counted and linked beside the records.
struct DerivedState {
  var grantsOfUser: OwnerLists
  var consentsOfUser: OwnerLists
  var codesOfUser: OwnerLists
  var appsOfCreator: OwnerLists
  var decodedApps = DecodedApps()
  var grantCountOfUser: ReferenceCounts
  var appReferences: ReferenceCounts
  var userReferences: ReferenceCounts
  var tokensOfKey = [UInt64](repeating: 0, count: 256)
  /// By the key of each family's current refresh token.
  var familiesOfKey = [UInt64](repeating: 0, count: 256)
  var timeLine = TimeLine()
  var reclaimCursors = ReclaimCursors()
  var primaryKeyID: UInt8 = 0
  var lastAuditSlot: UInt32 = 0
  var lastRetrySlot: UInt32 = 0
  /// Rate limits; not durable.
  var authenticationFailures = FailureWindows()
  var lastDynamicRegistrationMillis: UInt64 = 0
  /// Scope sets and audiences are never forgotten, so no application may fill their tables.
  var newTextsOfApp: [UInt32: Int] = [:]

  init(_ limits: ArenaLimits) {
    func ofUser(_ kind: RecordKind) -> OwnerLists {
      OwnerLists(owners: limits[.user].capacity, slots: limits[kind].capacity)
    }
    grantsOfUser = ofUser(.grant)
    consentsOfUser = ofUser(.consent)
    codesOfUser = ofUser(.code)
    appsOfCreator = ofUser(.app)
    grantCountOfUser = ReferenceCounts(slots: limits[.user].capacity)
    appReferences = ReferenceCounts(slots: limits[.app].capacity)
    userReferences = ReferenceCounts(slots: limits[.user].capacity)
  }
}
