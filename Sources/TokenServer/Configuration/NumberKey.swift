internal import TokenWire

/// A setting whose value is a whole number: its range, and where it goes.
struct NumberKey: Sendable {
  let key: ConfigurationKey
  let range: ClosedRange<Int>
  let field: any WritableKeyPath<ServerLimits, Int> & Sendable
  let summary: String

  init(
    _ key: ConfigurationKey, _ range: ClosedRange<Int>,
    _ field: any WritableKeyPath<ServerLimits, Int> & Sendable, _ summary: String
  ) {
    self.key = key
    self.range = range
    self.field = field
    self.summary = summary
  }

  static let all: [NumberKey] = sizes + waits + tables + journal

  private static let journal: [NumberKey] = [
    NumberKey(
      .journalSegmentMiB, 1...1_024, \.journalSegmentMiB, "MiB of a journal segment"),
    NumberKey(
      .revocationReserveMiB, 0...65_536, \.revocationReserveMiB,
      "MiB kept for revocations when the disk is full; 0 = none"),
    NumberKey(
      .syncIntervalMillis, 1...10_000, \.syncIntervalMillis,
      "time after which unsynced changes are put on the disk (not with durable)"),
    NumberKey(
      .snapshotJournalMiB, 1...1_048_576, \.snapshotJournalMiB,
      "MiB of journal after which a snapshot is taken, if the last one was not larger"),
    NumberKey(
      .snapshotIntervalSeconds, 0...604_800, \.snapshotIntervalSeconds,
      "time after which a snapshot is taken if anything changed; 0 = never"),
  ]

  private static let sizes: [NumberKey] = [
    NumberKey(.workers, 1...64, \.workers, "worker threads; default: one a processor core"),
    NumberKey(
      .maxFrame, WireLimits.laneFrameBytes...WireLimits.frameBytesMax, \.maxFrameBytes,
      "bytes of the largest frame body"),
    NumberKey(
      .maxInFlight, 1...WireLimits.inFlightMax, \.maxInFlight,
      "unanswered requests of one connection"),
    NumberKey(.maxConnections, 1...1_000_000, \.maxConnections, "connections in total"),
    NumberKey(
      .maxConnectionsPerUid, 1...1_000_000, \.maxConnectionsPerUid, "connections of one user"),
    NumberKey(
      .adminReservedConnections, 0...1_024, \.adminReservedConnections,
      "connections kept free for the admin socket"),
    NumberKey(
      .writeBufferBytes, 65_536...67_108_864, \.writeBufferBytes,
      "unsent reply bytes of a connection at which it is read no further"),
  ]

  private static let waits: [NumberKey] = [
    NumberKey(.helloTimeoutSeconds, 1...3_600, \.helloTimeoutSeconds, "wait for HELLO"),
    NumberKey(
      .frameTimeoutSeconds, 1...3_600, \.frameTimeoutSeconds, "wait for the rest of a frame"),
    NumberKey(
      .idleTimeoutSeconds, 0...86_400, \.idleTimeoutSeconds,
      "silence after which a connection is closed; 0 = never"),
    NumberKey(
      .slowReaderTimeoutSeconds, 1...3_600, \.slowReaderTimeoutSeconds,
      "wait for a peer that does not take its replies"),
    NumberKey(
      .drainTimeoutSeconds, 0...3_600, \.drainTimeoutSeconds,
      "time to answer what was accepted after SIGTERM; after three quarters of it a running backup "
        + "is given up"),
  ]

  private static let tables: [NumberKey] = [
    NumberKey(.maxTokens, 1...67_108_863, \.maxTokens, "live access tokens"),
    NumberKey(.maxGrants, 1...16_777_215, \.maxGrants, "live grants"),
    NumberKey(.maxFamilies, 1...16_777_215, \.maxFamilies, "live refresh tokens"),
    NumberKey(.maxCodes, 1...1_048_575, \.maxCodes, "authorization codes"),
    NumberKey(.maxUsers, 1...4_194_303, \.maxUsers, "users known to the service"),
    NumberKey(.maxApps, 1...65_535, \.maxApps, "registered apps"),
    NumberKey(.maxScopeSets, 1...65_535, \.maxScopeSets, "different sets of scopes"),
    NumberKey(.maxAudiences, 1...65_535, \.maxAudiences, "different audiences"),
    NumberKey(.maxAuditRecords, 1...65_536, \.maxAuditRecords, "audit records kept"),
  ]
}
