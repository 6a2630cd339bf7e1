/// All that the service knows: the tables in the arena, the gates, and what is derived from them.
///
/// One writer, the commit lane, holds it and passes it `inout`. Workers validate through `space`,
/// `gates` and the readers, which stay valid while the state lives.
public struct ServiceState: ~Copyable {
  // What workers read too.
  public let gates: Gates
  public let space: TokenSpace
  public let texts: SharedTexts

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
  var derived = DerivedState()

  /// The last commit position; 0 = nothing was ever committed.
  public internal(set) var position: UInt64 = 0
  public internal(set) var settings = Settings()

  /// Takes the state as it lies in the arena: empty, or as a snapshot left it.
  ///
  /// - Parameters:
  ///   - hash: keyed with random bits drawn at start; indexes are derived, so the key is not kept.
  ///   - indexMapping: where index segments come from; nil = the allocator.
  public init(arena: Arena, hash: TextHash, indexMapping: IndexMapping? = nil) {
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
    indexes = StateIndexes(hash: hash, mapping: indexMapping)
    space = TokenSpace(slab: tokens.reader, index: indexes.tokens.reader, gates: gates)
    texts = SharedTexts(
      apps: apps.reader, users: users.reader, scopeSets: scopeSets.reader,
      audiences: audiences.reader)
    rebuild()
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

/// The texts that an `identity` reply carries, for any thread. See `TokenSpace` for the protocol:
/// copy first, then ask whether the token is still live.
public struct SharedTexts: Sendable {
  let apps: RecordReader
  let users: RecordReader
  public let scopeSets: TextReader
  public let audiences: TextReader

  /// Appends the client id of an application's slot: 26 bytes.
  public func appendClientID(_ appSlot: UInt32, to bytes: inout [UInt8]) {
    bytes += apps.bytes(
      appSlot, offset: ClientApplication.clientIDOffset, count: ClientApplication.clientIDByteCount)
  }

  /// Appends the id of a user's slot. While the slot changes hands the bytes may be a mixture, but
  /// never more than a user id's length.
  public func appendUserID(_ userSlot: UInt32, to bytes: inout [UInt8]) {
    let length = users.bytes(userSlot, offset: User.idLengthOffset, count: 2)
    let count = min(Int(length[0]) | Int(length[1]) << 8, Limits.userIDMaxBytes)
    bytes += users.bytes(userSlot, offset: User.idOffset, count: count)
  }
}

/// Hash → slot, for every table that is looked up by more than its slot.
struct StateIndexes: ~Copyable {
  let hash: TextHash
  var tokens: TokenIndex
  var apps = TokenIndex()
  var users = TokenIndex()
  var grants = TokenIndex()
  var families = TokenIndex()
  var codes = TokenIndex()
  var consents = TokenIndex()
  var tickets = TokenIndex()
  var retries = TokenIndex()

  init(hash: TextHash, mapping: IndexMapping?) {
    self.hash = hash
    tokens = TokenIndex(mapping: mapping)
  }
}

/// What is counted and linked beside the records.
struct DerivedState {
  var grantsOfUser = OwnerLists()
  var consentsOfUser = OwnerLists()
  var grantCountOfUser = ReferenceCounts()
  var appReferences = ReferenceCounts()
  var userReferences = ReferenceCounts()
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
}
