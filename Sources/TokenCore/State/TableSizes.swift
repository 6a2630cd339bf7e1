/// How many rows each table has room for. Memory is taken as rows are used; what is not used costs
/// address space only.
public struct TableSizes: Equatable, Sendable {
  public var tokens = 67_108_863
  public var grants = 16_777_215
  public var families = 16_777_215
  public var codes = 1_048_575
  public var consents = 4_194_303
  public var users = 4_194_303
  public var apps = 65_535
  public var tickets = 1_048_575
  public var scopeSets = 65_535
  public var audiences = 65_535
  public var retries = 65_536
  public var auditRecords = 65_536

  public init() {}

  /// The sizes of a test: a few thousand rows.
  public static var small: TableSizes {
    var sizes = TableSizes()
    (sizes.tokens, sizes.grants, sizes.families, sizes.codes) = (8_191, 4_095, 4_095, 1_023)
    (sizes.consents, sizes.users, sizes.apps, sizes.tickets) = (1_023, 1_023, 127, 1_023)
    (sizes.scopeSets, sizes.audiences, sizes.retries, sizes.auditRecords) = (255, 255, 64, 256)
    return sizes
  }

  /// The same sizes in the form an arena's layout takes, with the stride of each kind of record. An
  /// arena made with other limits is not taken (``Arena``).
  public var arenaLimits: ArenaLimits {
    var limits = ArenaLimits(
      tokenCapacity: tokens, scopeSetCapacity: scopeSets, scopeSetMaxBytes: Limits.scopeMaxBytes,
      audienceCapacity: audiences, audienceMaxBytes: Limits.audienceMaxBytes)
    func set<Record: StoredRecord>(_ type: Record.Type, _ capacity: Int) {
      limits[Record.kind] = RecordLimits(capacity: capacity, strideBytes: Record.strideBytes)
    }
    set(ClientApplication.self, apps)
    set(User.self, users)
    set(Grant.self, grants)
    set(RefreshFamily.self, families)
    set(AuthorizationCode.self, codes)
    set(Consent.self, consents)
    set(UsedTicket.self, tickets)
    set(RetryRecord.self, retries)
    set(AuditRecord.self, auditRecords)
    set(Moment.self, TimeLine.capacity)
    set(SigningKey.self, 256)
    set(Settings.self, 1)
    return limits
  }
}
