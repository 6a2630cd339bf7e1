internal import TokenStorage

/// How the journal of this daemon is written.
struct JournalSettings: Sendable {
  var durability: Durability
  var options: JournalOptions
  var syncIntervalMillis: Int
  /// Bytes of commits at which a batch is written; one commit more may go over it.
  var batchBytes: Int

  init(_ configuration: ServerConfiguration) {
    let limits = configuration.limits
    durability = configuration.durability
    options = JournalOptions()
    options.segmentBytes = limits.journalSegmentMiB << 20
    options.reserveBytes = limits.revocationReserveMiB << 20
    syncIntervalMillis = limits.syncIntervalMillis
    batchBytes = min(Self.batchBytesMax, options.segmentBytes / 8)
  }

  var hasReserve: Bool { options.reserveBytes > 0 }

  private static let batchBytesMax = 4 << 20
}
