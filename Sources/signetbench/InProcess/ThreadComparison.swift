internal import LinuxIO
internal import Synchronization
internal import TokenCore
internal import TokenCrypto
internal import TokenServer

/// Two threads against one on the batched VALIDATE, while one writer issues and revokes; the same
/// with MACs only, which share nothing but the machine.
struct ThreadComparison {
  let tokens: Int
  let batch: Int
  let rounds: Int
  let seconds: Double

  /// Tokens that the writer may issue.
  private static let writtenMax = 2_000_000

  func report(to report: inout JSONText) throws(BenchError) {
    // Time stands still for this table, so what the writer issues stays in it.
    let table = try LiveTable(room: tokens + Self.writtenMax)
    let app = try table.register()
    try table.issue(tokens, to: app)
    let readers = try (0..<2).map { number throws(BenchError) in
      try Reader(table, batch: batch, seed: UInt64(number + 5))
    }
    let keyset = table.keyset
    let writer = Writer(table, app)
    let thread = try Self.spawn("writer") { writer.run() }
    var (one, two, macOne, macTwo, shares) =
      ([], [], [], [], [])
      as (
        [Double], [Double], [Double], [Double], [Double]
      )
    for _ in 0..<rounds {
      let (used, began) = (writer.usedNanos, SystemClock.monotonicNanos())
      one.append(try rate(1) { readers[$0].run(until: $1) })
      two.append(try rate(2) { readers[$0].run(until: $1) })
      macOne.append(try rate(1) { _, end in MacFloor.checkTags(keyset, until: end) })
      macTwo.append(try rate(2) { _, end in MacFloor.checkTags(keyset, until: end) })
      let wall = SystemClock.monotonicNanos() - began
      shares.append(Double(writer.usedNanos - used) / Double(wall))
    }
    writer.stop()
    thread.join()
    for reader in readers { if let error = reader.error { throw error } }
    report.add("one", one)
    report.add("two", two)
    report.add("macOne", macOne)
    report.add("macTwo", macTwo)
    report.add("writerShare", shares)
  }

  /// Tokens a second of so many threads together, each judged by its own time.
  private func rate(
    _ threads: Int, _ body: @escaping @Sendable (Int, UInt64) -> Int
  ) throws(BenchError) -> Double {
    let end = SystemClock.monotonicNanos() + UInt64(seconds * 1e9)
    let results = (0..<threads).map { _ in Tally() }
    // A fixed pair of optionals: a thread is not copyable, so no array holds it.
    let first = try Self.spawn("reader") { results[0].measure { body(0, end) } }
    guard threads == 2 else {
      first.join()
      return results[0].rate
    }
    let second = try Self.spawn("reader") { results[1].measure { body(1, end) } }
    first.join()
    second.join()
    return results[0].rate + results[1].rate
  }

  private static func spawn(
    _ name: String, _ body: sending @escaping () -> Void
  ) throws(BenchError) -> SystemThread {
    do throws(SystemError) {
      return try SystemThread.spawn(name: name, body)
    } catch {
      throw .file("\(error)")
    }
  }
}

/// What one thread did. Written by it, read after it was joined.
private final class Tally: @unchecked Sendable {
  private(set) var rate = 0.0

  func measure(_ body: () -> Int) {
    let began = SystemClock.monotonicNanos()
    let count = body()
    rate = Double(count) * 1e9 / Double(SystemClock.monotonicNanos() - began)
  }
}

/// One validating thread's frames. Used by one thread at a time: the one that runs, or the one that
/// has joined it.
private final class Reader: @unchecked Sendable {
  private let ring: FrameRing
  private var validation: FrameValidation
  private var place = 0
  private(set) var error: BenchError?

  init(_ table: LiveTable, batch: Int, seed: UInt64) throws(BenchError) {
    ring = try FrameRing(table, frames: max(262_144 / batch, 1), batch: batch, seed: seed)
    validation = FrameValidation(table.state, root: table.root)
  }

  /// Tokens judged until a time.
  func run(until end: UInt64) -> Int {
    var frames = 0
    while SystemClock.monotonicNanos() < end, error == nil {
      for _ in 0..<16 {
        do throws(BenchError) {
          try ring.answer(place, with: &validation)
        } catch {
          self.error = error
        }
        place = place + 1 == ring.count ? 0 : place + 1
      }
      frames += 16
    }
    return frames * ring.batch
  }
}

/// Issues a token and revokes it, with pauses that leave it at most a twentieth of a core. While it
/// runs, the table is its alone to change.
private final class Writer: @unchecked Sendable {
  private let table: LiveTable
  private let app: [UInt8]
  private let ends = Atomic<Bool>(false)
  private let used = Atomic<UInt64>(0)

  init(_ table: LiveTable, _ app: [UInt8]) {
    self.table = table
    self.app = app
  }

  /// Its processor time so far.
  var usedNanos: UInt64 { used.load(ordering: .relaxed) }

  func stop() { ends.store(true, ordering: .relaxed) }

  func run() {
    while !ends.load(ordering: .relaxed) {
      let began = SystemClock.threadCPUNanos()
      // Some 50 microseconds of work for each millisecond and a bit of pause.
      while SystemClock.threadCPUNanos() - began < 50_000 {
        guard let id = try? table.issueOne(to: app), (try? table.revoke(id)) != nil else {
          preconditionFailure("the rules refused what they allowed before")
        }
      }
      used.store(SystemClock.threadCPUNanos(), ordering: .relaxed)
      SystemClock.wait(millis: 2)
    }
  }
}
