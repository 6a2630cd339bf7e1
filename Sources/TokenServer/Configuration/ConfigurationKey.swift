/// Every setting of the daemon. The raw value is its name in the file and, after two dashes, on the
/// command line.
public enum ConfigurationKey: String, CaseIterable, Sendable {
  case dataDirectory = "data-directory"
  case rootKeyFile = "root-key-file"
  case listen
  case adminSocket = "admin-socket"
  case allow
  case durability
  case acceptDataLoss = "accept-data-loss"
  case journalSegmentMiB = "journal-segment-mib"
  case revocationReserveMiB = "revocation-reserve-mib"
  case syncIntervalMillis = "sync-interval-millis"
  case snapshotJournalMiB = "snapshot-journal-mib"
  case snapshotIntervalSeconds = "snapshot-interval-seconds"
  case backupDirectory = "backup-directory"
  case logLevel = "log-level"
  case workers
  case maxFrame = "max-frame"
  case maxInFlight = "max-in-flight"
  case maxConnections = "max-connections"
  case maxConnectionsPerUid = "max-connections-per-uid"
  case adminReservedConnections = "admin-reserved-connections"
  case helloTimeoutSeconds = "hello-timeout-seconds"
  case frameTimeoutSeconds = "frame-timeout-seconds"
  case idleTimeoutSeconds = "idle-timeout-seconds"
  case writeBufferBytes = "write-buffer-bytes"
  case slowReaderTimeoutSeconds = "slow-reader-timeout-seconds"
  case drainTimeoutSeconds = "drain-timeout-seconds"
  case maxTokens = "max-tokens"
  case maxGrants = "max-grants"
  case maxFamilies = "max-families"
  case maxCodes = "max-codes"
  case maxUsers = "max-users"
  case maxApps = "max-apps"
  case maxScopeSets = "max-scope-sets"
  case maxAudiences = "max-audiences"
  case maxAuditRecords = "max-audit-records"

  /// Whether it may be given more than once; then every line adds one, and flags replace all of
  /// the file's.
  public var isRepeatable: Bool { self == .listen || self == .allow }

  /// What the value looks like, for `--help`.
  public var valueForm: String {
    switch self {
    case .dataDirectory, .backupDirectory: "DIRECTORY"
    case .rootKeyFile: "FILE"
    case .listen: "\"PATH [mode=0660] [group=NAME] rights=RIGHT[,RIGHT...]\""
    case .adminSocket: "\"PATH [mode=0600] [group=NAME]\""
    case .allow: "\"uid:NAME|gid:NAME rights=RIGHT[,RIGHT...]\""
    case .durability: Durability.allCases.map(\.rawValue).joined(separator: "|")
    case .acceptDataLoss: "yes|no"
    case .logLevel: LogLevel.allCases.map(\.name).joined(separator: "|")
    default: "N"
    }
  }

  /// One line about it, for `--help`.
  public var summary: String {
    switch self {
    case .dataDirectory: "where the service keeps its state"
    case .rootKeyFile: "the root key, 0600, made on first start; outside the data directory"
    case .listen: "a socket for gateways; repeatable; its rights bind root too"
    case .adminSocket: "the socket of the local administrator, with reserved connections"
    case .allow: "who may connect and do what; repeatable"
    case .durability: "what an acknowledged change survives; default durable, a power cut"
    case .acceptDataLoss: "must be yes with durability = volatile"
    case .backupDirectory: "where BACKUP may write"
    case .logLevel: "the least that is logged, beside that it is ready and that it has stopped"
    default: NumberKey.all.first { $0.key == self }?.summary ?? ""
    }
  }

  /// The key called `name`, exactly.
  init?(name: some Collection<UInt8>) {
    guard let key = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else {
      return nil
    }
    self = key
  }
}
