internal import LinuxIO
public import TokenCore
public import TokenCrypto
public import TokenStorage

/// A service reduced to its journal: appends commits, knows what was acknowledged, and holds every
/// recovery against that.
public final class JournalDriver {
  /// What a reply was sent for.
  public private(set) var acked: [JournaledCommit] = []
  /// How many of them the journal said are durable.
  public private(set) var durableCount = 0
  /// How many commits there were after each batch.
  private var batchEnds: Set<Int> = [0]
  /// The batch whose append did not return: it may be there or not, as a whole.
  public private(set) var inFlight: [JournaledCommit] = []
  public private(set) var report: RecoveryReport?
  public var nowMillis: UInt64 = 1_767_225_600_000
  public var options: JournalOptions
  private var writer: JournalWriter?
  private var random: SplitMix64

  public init(seed: UInt64, segmentBytes: Int = 24_576, reserveBytes: Int = 0) {
    random = SplitMix64(seed)
    options = JournalOptions()
    options.segmentBytes = segmentBytes
    options.reserveBytes = reserveBytes
    options.drawBlock = DeterministicBlocks(seed: seed).next
  }

  /// Another driver that knows what this one knows, to try another outcome of the same crash.
  public init(continuing other: JournalDriver) {
    (acked, inFlight, nowMillis) = (other.acked, other.inFlight, other.nowMillis)
    (options, random) = (other.options, other.random)
    (durableCount, batchEnds) = (other.durableCount, other.batchEnds)
  }

  public static let root: RootKey = {
    guard let root = RootKey(copying: [UInt8](0..<32)) else { preconditionFailure("32 bytes") }
    return root
  }()

  public var isRunning: Bool { writer != nil }
  public var nextPosition: UInt64 { UInt64(acked.count) + 1 }
  public var isInReserve: Bool { writer?.isInReserve ?? false }
  public var isDiskFull: Bool { writer?.isDiskFull ?? false }

  /// Reads the disk, and fails unless that gives what was acknowledged, with or without the batch
  /// that was in flight; after a power cut, what was acknowledged up to some batch not before the
  /// last durable one. What it gave is acknowledged from now on.
  public func recover(_ disk: SimulatedDisk) throws(DriverFailure) -> RecoveryVerdict {
    writer = nil
    var found: [JournaledCommit] = []
    let report = Recovery.read(disk, Self.root, RecoveryOptions(nowMillis: nowMillis)) {
      found.append($0)
    }
    self.report = report
    if case .refused(let refusal) = report.verdict {
      throw DriverFailure("refused: \(refusal)", refusal)
    }
    let least = disk.isAfterPowerCut ? durableCount : acked.count
    let isBatchEnd = batchEnds.contains(found.count) || found.count == acked.count + inFlight.count
    let known = acked + inFlight
    guard found.count >= least, found.count <= known.count, isBatchEnd,
      found == Array(known[..<found.count])
    else {
      throw DriverFailure(
        "found \(found.count) commits, acknowledged \(acked.count), durable \(durableCount), "
          + "in flight \(inFlight.count)")
    }
    acked = found
    batchEnds = batchEnds.filter { $0 <= found.count }
    batchEnds.insert(found.count)
    inFlight = []
    return report.verdict
  }

  /// Starts on the disk. False where a call failed, as after a crash.
  public func start(_ disk: SimulatedDisk) throws(DriverFailure) -> Bool {
    let verdict = try recover(disk)
    do throws(SystemError) {
      switch verdict {
      case .fresh(let leftovers):
        writer = try JournalWriter.create(
          disk, Self.root, options, leftovers: leftovers, wallMillis: nowMillis)
      case .clean(let end):
        writer = try JournalWriter.open(
          disk, Self.root, options, after: end, wallMillis: nowMillis)
      case .tornTail(let end, let tail):
        writer = try JournalWriter.open(
          disk, Self.root, options, after: end, dropping: tail, wallMillis: nowMillis)
      case .refused: preconditionFailure("thrown before")
      }
      var rest = SegmentRest(report?.segments ?? [])
      while rest.releaseNext(disk) {}
      durableCount = acked.count
      return true
    } catch {
      return false
    }
  }

  /// Forgets the process; the disk stays.
  public func stop() { writer = nil }

  /// Appends a batch of random commits. nil = acknowledged.
  public func append(
    commits count: Int, large: Bool = false, _ purpose: BatchPurpose = .any, sync: Bool = true
  ) -> JournalError? {
    var batch = CommitBatch()
    var commits: [JournaledCommit] = []
    for index in 0..<count {
      let position = nextPosition + UInt64(index)
      let effects = Self.effects(position, large: large && index == 0, &random)
      batch.add(effects, at: position)
      commits.append(JournaledCommit(position: position, effects: effects))
    }
    // A writer that stopped takes nothing more; what was in flight then still is.
    if writer?.failure == nil { inFlight = commits }
    nowMillis += 10
    let error = perform { (writer) throws(JournalError) in
      try writer.append(batch, purpose, sync: sync, wallMillis: nowMillis)
    }
    // On a full disk nothing was written, and the batch was not asked for again.
    if error == .diskFull { inFlight = [] }
    if error == nil {
      acked += commits
      batchEnds.insert(acked.count)
      inFlight = []
    }
    noteDurable()
    return error
  }

  public func noteIdle() -> JournalError? {
    let error = perform { (writer) throws(JournalError) in
      try writer.noteIdle(wallMillis: nowMillis)
    }
    noteDurable()
    return error
  }

  public func sync() -> JournalError? {
    let error = perform { (writer) throws(JournalError) in try writer.sync() }
    noteDurable()
    return error
  }

  /// The journal is taken at its word.
  private func noteDurable() {
    if let position = writer?.durablePosition { durableCount = Int(position) }
  }

  public func seal() -> JournalError? {
    let error = perform { [nowMillis] (writer) throws(JournalError) in
      try writer.seal(wallMillis: nowMillis)
    }
    if error == nil { durableCount = acked.count }
    writer = nil
    return error
  }

  public func restoreReserve() -> JournalError? {
    perform { (writer) throws(JournalError) in _ = try writer.restoreReserve() }
  }

  /// Prepares a segment ahead, as another thread would.
  public func prepare(_ disk: SimulatedDisk) -> JournalError? {
    guard writer?.needsPreparedSegment ?? false else { return nil }
    do throws(SystemError) {
      let segment = try PreparedSegment.make(disk, options)
      writer?.install(segment)
      return nil
    } catch {
      if error.errno == .noSpace { return .diskFull }
      writer?.fail(error)
      return .failed(error)
    }
  }

  private func perform(
    _ body: (inout JournalWriter) throws(JournalError) -> Void
  ) -> JournalError? {
    guard var taken = writer.take() else { preconditionFailure("the journal is open") }
    var thrown: JournalError?
    do throws(JournalError) {
      try body(&taken)
    } catch {
      thrown = error
    }
    writer = consume taken
    return thrown
  }

  static func effects(
    _ position: UInt64, large: Bool, _ random: inout SplitMix64
  ) -> [Effect] {
    var effects: [Effect] = [
      .moment(UInt32(position % 100) + 1, Moment(position: position, atMillis: random.next() >> 20))
    ]
    if random.below(2) == 0 { effects.append(.tokenRevoked(UInt32(random.below(1_000)) + 1)) }
    if random.below(3) == 0 { effects.append(.gateRaised(.user(7), position: position)) }
    if random.below(4) == 0 {
      effects.append(
        .user(3, User(id: Array("user\(random.below(99))".utf8), createdAtMillis: position)))
    }
    if large {
      let noise = (0..<500).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      for index in 0..<13 { effects.append(.audience(UInt16(index) + 1, noise)) }
    }
    return effects
  }
}

/// What a test prints and fails with.
public struct DriverFailure: Error, CustomStringConvertible {
  public let description: String
  public let refusal: RecoveryRefusal?

  public init(_ description: String, _ refusal: RecoveryRefusal? = nil) {
    self.description = description
    self.refusal = refusal
  }
}

/// Blocks in a fixed order in place of random ones. Used by one thread.
final class DeterministicBlocks: @unchecked Sendable {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed ^ 0x5eed) }

  @Sendable func next() -> Block128 {
    let word0 = random.next()
    return Block128(word0: word0, word1: random.next())
  }
}
