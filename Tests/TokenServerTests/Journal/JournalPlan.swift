import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

@testable import TokenServer

/// How a `JournalRig` keeps its journal.
struct JournalPlan {
  var durability = Durability.durable
  var segmentBytes = 262_144
  var reserveBytes = 0
  /// nil = the configuration's.
  var syncIntervalMillis: UInt64?

  static let layout = ArenaLayout(TableSizes.small.arenaLimits)

  func configuration() throws -> ServerConfiguration {
    var configuration = try ConfigurationReader.read(
      flags: LaunchFlags(["--embedded", "/x"]), file: nil, coreCount: 1)
    configuration.durability = durability
    return configuration
  }

  func settings(_ configuration: ServerConfiguration) -> JournalSettings {
    var settings = JournalSettings(configuration)
    settings.options = options
    settings.batchBytes = segmentBytes / 8
    if let syncIntervalMillis { settings.syncIntervalMillis = syncIntervalMillis }
    return settings
  }

  private var options: JournalOptions {
    var options = JournalOptions()
    options.segmentBytes = segmentBytes
    options.reserveBytes = reserveBytes
    return options
  }

  /// An empty state, or what is in the memory already.
  static func state(over memory: MemoryRegion, position: UInt64? = nil) throws
    -> ServiceState
  {
    let bytes = unsafe UnsafeMutableRawBufferPointer(
      start: memory.base, count: memory.byteCount)
    let arena = try #require(unsafe Arena(bytes, layout: layout))
    return ServiceState(arena: arena, hash: TextHash(key0: 1, key1: 2), position: position)
  }

  /// Reads the journal into the state.
  static func read(_ disk: StallingDisk, _ state: inout ServiceState) -> RecoveryVerdict {
    let options = RecoveryOptions(nowMillis: SystemClock.realtimeMillis())
    return Recovery.read(disk, JournalDriver.root, options) {
      state.apply($0.effects, at: $0.position)
    }.verdict
  }

  /// Reads the journal into the state and opens it.
  static func open(
    _ disk: StallingDisk, _ plan: JournalPlan, _ state: inout ServiceState
  ) throws -> JournalWriter {
    let verdict = read(disk, &state)
    let now = SystemClock.realtimeMillis()
    switch verdict {
    case .fresh(let leftovers):
      return try JournalWriter.create(
        disk, JournalDriver.root, plan.options, leftovers: leftovers, wallMillis: now)
    case .clean(let end):
      return try JournalWriter.open(
        disk, JournalDriver.root, plan.options, after: end, wallMillis: now)
    case .tornTail(let end, let tail):
      return try JournalWriter.open(
        disk, JournalDriver.root, plan.options, after: end, dropping: tail, wallMillis: now)
    case .refused(let refusal): throw refusal
    }
  }
}
