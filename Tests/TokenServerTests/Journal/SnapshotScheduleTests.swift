import LinuxIO
import StorageSupport
import Synchronization
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// When snapshots are due, and when none begins.
struct SnapshotScheduleTests {
  /// Time as the test says.
  private final class TestMillis: Sendable {
    private let millis = Atomic<UInt64>(1_000)
    func advance(_ by: UInt64) { millis.add(by, ordering: .relaxed) }
    var now: @Sendable () -> UInt64 { { self.millis.load(ordering: .relaxed) } }
  }

  private func schedule(
    _ time: TestMillis, interval: UInt64 = 0, foundBytes: UInt64 = 0
  ) -> SnapshotSchedule {
    SnapshotSchedule(
      journalBytes: 1_000, intervalMillis: interval, lastPosition: 0, lastByteCount: 0,
      foundBytes: foundBytes, nowMillis: time.now)
  }

  @Test("one that failed is due again after half a minute, also without an interval")
  func failed() {
    let time = TestMillis()
    var schedule = schedule(time)
    #expect(!schedule.isDue(position: 5, journalBytes: 999))
    #expect(schedule.isDue(position: 5, journalBytes: 1_000))
    schedule.began(position: 5, journalBytes: 1_000)
    #expect(!schedule.isDue(position: 6, journalBytes: 1_001))
    schedule.ended(byteCount: nil)
    #expect(!schedule.isDue(position: 6, journalBytes: 1_001))
    time.advance(JournalLimits.snapshotRetryMillis)
    #expect(schedule.isDue(position: 6, journalBytes: 1_001))
    schedule.began(position: 6, journalBytes: 1_001)
    schedule.ended(byteCount: 10)
    #expect(!schedule.isDue(position: 7, journalBytes: 2_000))
    #expect(schedule.isDue(position: 7, journalBytes: 2_001))
  }

  @Test("the journal that a start finds counts, so that many short lives come to a snapshot too")
  func manyStarts() {
    var schedule = schedule(TestMillis(), foundBytes: 900)
    #expect(!schedule.isDue(position: 5, journalBytes: 99))
    #expect(schedule.isDue(position: 5, journalBytes: 100))
    schedule.began(position: 5, journalBytes: 100)
    schedule.ended(byteCount: 10)
    #expect(!schedule.isDue(position: 6, journalBytes: 1_099))
    #expect(schedule.isDue(position: 6, journalBytes: 1_100))
  }

  @Test("one that was asked for and failed makes none due")
  func asked() {
    let time = TestMillis()
    var schedule = schedule(time, interval: 600_000)
    schedule.began(position: 5, journalBytes: 10)
    schedule.ended(byteCount: nil)
    time.advance(JournalLimits.snapshotRetryMillis)
    #expect(!schedule.isDue(position: 6, journalBytes: 20))
    time.advance(600_000)
    #expect(schedule.isDue(position: 6, journalBytes: 20))
  }

  @Test("a drain between the lane's look and its cut leaves nothing begun")
  func drainMeanwhile() throws {
    let health = JournalHealth()
    let queue = try SnapshotQueue(schedule(TestMillis()), journal: health)
    let memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    var state = try JournalPlan.state(over: memory)
    state.apply([], at: 1)
    health.appendedBytes.add(5_000, ordering: .relaxed)
    var sentHome = 0
    queue.lookAt(state) { sentHome = queue.drain().count }
    #expect(sentHome == 1 && !queue.hasBegun)
    // The cut is ended: another could begin.
    #expect(state.beginSnapshot() != nil)
  }

  @Test("on a full disk none begins by itself")
  func fullDisk() throws {
    let health = JournalHealth()
    let queue = try SnapshotQueue(schedule(TestMillis()), journal: health)
    let memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    var state = try JournalPlan.state(over: memory)
    state.apply([], at: 1)
    health.appendedBytes.add(5_000, ordering: .relaxed)
    health.state(.denialsOnly)
    queue.lookAt(state)
    #expect(!queue.hasBegun)
    health.state(.everything)
    queue.lookAt(state)
    #expect(queue.hasBegun)
    withExtendedLifetime(memory.byteCount) {}
  }
}
