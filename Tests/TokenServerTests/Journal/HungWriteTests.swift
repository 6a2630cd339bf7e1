import StorageSupport
import Synchronization
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// A write that does not return: grants are BUSY after ten seconds, the process ends after sixty.
struct HungWriteTests {
  /// Time as the test says.
  private final class TestNanos: Sendable {
    private let nanos = Atomic<UInt64>(1_000_000_000)
    func advance(millis: UInt64) { nanos.add(millis * 1_000_000, ordering: .relaxed) }
    var now: @Sendable () -> UInt64 { { self.nanos.load(ordering: .relaxed) } }
  }

  @Test("health tells a slow write after 10 seconds and a hung one after 60, and forgets both")
  func health() {
    let time = TestNanos()
    let health = JournalHealth(nowNanos: time.now)
    time.advance(millis: 3_600_000)
    #expect(health.admission == .everything && !health.isHung)
    health.writeBegins()
    time.advance(millis: 10_000)
    #expect(health.admission == .everything)
    time.advance(millis: 1)
    #expect(health.admission == .diskHangs && !health.isHung)
    health.state(.denialsOnly)
    #expect(health.admission == .denialsOnly)
    health.state(.everything)
    time.advance(millis: 49_999)
    #expect(!health.isHung)
    time.advance(millis: 1)
    #expect(health.isHung && health.admission == .diskHangs)
    health.writeEnded()
    #expect(!health.isHung && health.admission == .everything)
  }

  @Test("a sync that hangs: grants are BUSY, denials are in force, and the process is stopped")
  func sync() throws {
    let time = TestNanos()
    let rig = try JournalRig(health: JournalHealth(nowNanos: time.now))
    let app = try rig.register()
    let before = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    time.advance(millis: 10_001)
    #expect(rig.health.admission == .diskHangs)
    let refused = try rig.issue(app)
    let revoke = try rig.send(RevokeRequest(subject: before.text))
    #expect(try rig.eventually { try rig.verdict(before.text) == .revoked })
    #expect(rig.stops.all.isEmpty)
    time.advance(millis: 50_000)
    #expect(rig.health.isHung && rig.health.writeMillis == 60_001)
    #expect(rig.stops.wait(for: "has not returned for 60 s"))
    #expect(!rig.hasReply(revoke))
    // A daemon would be gone; this one sees the disk wake up.
    rig.disk.letGo()
    #expect(try rig.status(refused.request) == .busy)
    #expect(try rig.status(revoke) == .ok)
    #expect(try rig.status(rig.issue(app).request) == .ok)
  }

  @Test("the witness's sync in a quiet moment hangs: that is noticed too")
  func witness() throws {
    let time = TestNanos()
    let rig = try JournalRig(health: JournalHealth(nowNanos: time.now))
    let app = try rig.register()
    let witness = DiskCall(.sync, .witness)
    rig.disk.hold(witness)
    // Written before it or after it: a quiet moment follows.
    _ = try rig.issue(app)
    try #require(rig.disk.waitUntilHeld(witness))
    let issued = try rig.issueAndWaitForLane(app)
    time.advance(millis: 10_001)
    #expect(rig.health.admission == .diskHangs)
    #expect(!rig.hasReply(issued.request))
    rig.disk.letGo()
    #expect(try rig.status(issued.request) == .ok)
  }

  @Test("the next segment is never ready, and nothing can be written: that is noticed too")
  func preparation() throws {
    let time = TestNanos()
    let rig = try JournalRig(
      plan: JournalPlan(segmentBytes: 16_384), health: JournalHealth(nowNanos: time.now))
    let app = try rig.register()
    let prepared = DiskCall(.sync, .prepared)
    // For each segment its preparation and its header; the one that lies ready; FORMAT's.
    #expect(rig.eventually { rig.disk.count(prepared) == 2 * rig.disk.segmentCount + 2 })
    let before = rig.disk.segmentCount
    rig.disk.hold(prepared)
    // The header of the one that is ready is synced under the old name.
    rig.disk.letOnePass(prepared)
    // A segment takes two batches of one block: the first is the one that made it begin.
    while rig.disk.segmentCount == before { _ = try rig.issuedAndReleased(app) }
    _ = try rig.issuedAndReleased(app)
    let last = try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(prepared))
    // Time moves until the journal's thread waits, as it may be about to.
    let isSeen = rig.eventually {
      time.advance(millis: 10_001)
      return rig.health.admission == .diskHangs
    }
    #expect(isSeen)
    #expect(!rig.hasReply(last.request))
    rig.disk.letGo()
    #expect(try rig.status(last.request) == .ok)
  }

  @Test("while a sync hangs, more revocations than 64 that come one by one are all in force")
  func manyDenials() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    let issued = try (0..<100).map { _ in try rig.issuedAndReleased(app) }
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    // Each is a turn of its own.
    for token in issued {
      try rig.send(RevokeRequest(subject: token.text))
      #expect(try rig.eventually { try rig.isDead(token.text) })
    }
    #expect(!rig.isQueueFull)
    rig.disk.letGo()
  }
}
