internal import TokenWire

/// Every number that the daemon is started with. The defaults are the contract's limits.
public struct ServerLimits: Equatable, Sendable {
  /// Worker threads, 1...64.
  public var workers: Int
  /// Bytes after the header of the largest frame that HELLO agrees to.
  public var maxFrameBytes = WireLimits.frameBytesDefault
  /// Unanswered requests of one connection that HELLO agrees to.
  public var maxInFlight = WireLimits.inFlightDefault
  /// Connections in total, those of the admin socket included.
  public var maxConnections = 4_096
  /// Connections of one uid on the sockets other than the admin socket.
  public var maxConnectionsPerUid = 1_024
  /// Connections out of `maxConnections` that only the admin socket may use.
  public var adminReservedConnections = 16
  /// Bytes of unsent replies at which a connection is read no further.
  public var writeBufferBytes = 1_048_576
  public var helloTimeoutSeconds = 5
  public var frameTimeoutSeconds = 5
  /// 0 = never.
  public var idleTimeoutSeconds = 300
  public var slowReaderTimeoutSeconds = 10
  public var drainTimeoutSeconds = 10
  public var maxTokens = 67_108_863
  public var maxGrants = 16_777_215
  public var maxFamilies = 16_777_215
  public var maxCodes = 1_048_575
  public var maxUsers = 4_194_303
  public var maxApps = 65_535
  public var maxScopeSets = 65_535
  public var maxAudiences = 65_535
  public var maxAuditRecords = 65_536

  public var journalSegmentMiB = 64
  public var revocationReserveMiB = 64
  public var syncIntervalMillis = 10
  public var snapshotJournalMiB = 256
  /// 0 = never.
  public var snapshotIntervalSeconds = 600

  public init(workers: Int) { self.workers = min(max(workers, 1), 64) }
}
