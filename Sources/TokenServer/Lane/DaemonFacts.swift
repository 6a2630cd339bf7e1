internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// What STATUS and STATS tell about the daemon, beside what they read from the state.
struct DaemonFacts: Sendable {
  var version: String
  var instance: Bytes16
  private let instanceText: String
  var durability: String
  var startedAtMillis: UInt64
  var sockets: [String]
  var allowRules: [String]
  var counters: [WorkerCounters]
  var log: Log
  /// nil = volatile.
  var journal: RunningJournal?

  init(_ setup: ServiceSetup<LaneResult>, instance: Block128, journal: RunningJournal?) {
    self.journal = journal
    version = ServerVersion.text
    self.instance = Bytes16(word0: instance.word0, word1: instance.word1)
    instanceText = instance.hexText
    durability = setup.configuration.durability.rawValue
    startedAtMillis = SystemClock.realtimeMillis()
    sockets = setup.configuration.allListeners.map { $0.value }
    allowRules = setup.configuration.allowRules.map { $0.value }
    counters = setup.inboxes.map { _ in WorkerCounters() }
    log = setup.log
  }

  func log(clockIsSuspect: Bool) {
    if clockIsSuspect {
      log.warning(
        "the wall clock stepped by more than 5 seconds; expiry goes on by the time since boot and "
          + "nothing is reclaimed until both agree again; if the new time is right: "
          + "signetctl clock accept"
      )
    } else {
      log.info("the wall clock is believed again")
    }
  }

  func log(clockAcceptedBy uid: UInt32) {
    log.warning("uid \(uid) accepted the wall clock; expiry and reclaim go by it from now on")
  }

  func status(
    _ state: borrowing ServiceState, _ reading: TrustedClock.Reading
  ) -> [(name: String, value: String)] {
    var facts: [(name: String, value: String)] = [
      ("version", version),
      ("instance", instanceText),
      ("pid", String(CurrentProcess.id)),
      ("started-at", String(startedAtMillis)),
      ("now", String(reading.nowMillis)),
      ("clock", reading.isSuspect ? "suspect" : "trusted"),
      ("durability", durability),
      ("provider", state.settings.isProviderEnabled ? "on" : "off"),
      ("position", String(state.position)),
      ("released", String(state.gates.released)),
      ("workers", String(counters.count)),
    ]
    if let journal { facts += journal.health.facts + journal.snapshots.health.facts }
    for (number, socket) in sockets.enumerated() { facts.append(("socket.\(number)", socket)) }
    for (number, rule) in allowRules.enumerated() { facts.append(("allow.\(number)", rule)) }
    for table in state.usage {
      facts.append(("table.\(table.name)", "\(table.live) of \(table.capacity)"))
    }
    return facts
  }

  func stats(_ state: borrowing ServiceState) -> [(name: String, value: UInt64)] {
    var stats: [(name: String, value: UInt64)] = [
      ("position", state.position),
      ("validate-frames", sum { $0.validateFrames.load(ordering: .relaxed) }),
      ("validated-tokens", sum { $0.validatedTokens.load(ordering: .relaxed) }),
      ("valid-tokens", sum { $0.validTokens.load(ordering: .relaxed) }),
    ]
    for table in state.usage { stats.append(("live-\(table.name)", UInt64(table.live))) }
    let splits = state.indexSplitTimes
    stats += [
      ("index-splits", UInt64(splits.count)),
      ("index-split-nanos.p50", splits.nanos(share: 0.5)),
      ("index-split-nanos.p99", splits.nanos(share: 0.99)),
      ("index-split-nanos.p99.9", splits.nanos(share: 0.999)),
      ("index-split-nanos.max", splits.maxNanos),
    ]
    return stats
  }

  private func sum(_ count: (WorkerCounters) -> UInt64) -> UInt64 {
    counters.reduce(0) { $0 &+ count($1) }
  }
}
