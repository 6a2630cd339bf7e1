import StorageSupport
import Testing
import TokenWire

@testable import TokenServer

/// A drain waits for long work, but not past three quarters of its time: then that is given up, and
/// the rest of the time is for its answer.
struct DrainGiveUpTests {
  @Test("long work is given up once, after three quarters; the end is the end")
  func times() {
    var times = DrainTimes(nowMillis: 1_000, timeoutMillis: 8_000)
    #expect(times.waitMillis(nowMillis: 1_000) == 6_001)
    #expect(times.step(nowMillis: 6_999) == .wait)
    #expect(times.step(nowMillis: 7_000) == .giveUp)
    #expect(times.waitMillis(nowMillis: 7_000) == 2_001)
    #expect(times.step(nowMillis: 8_999) == .wait)
    #expect(times.step(nowMillis: 9_000) == .stop)
    #expect(times.waitMillis(nowMillis: 9_500) == 1)
  }

  @Test("without time nothing is given up: it is over at once")
  func noTime() {
    var times = DrainTimes(nowMillis: 1_000, timeoutMillis: 0)
    #expect(times.step(nowMillis: 1_000) == .stop)
  }

  @Test("a snapshot that is given up is answered DRAINING, and leaves no file")
  func givenUp() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(DiskCall(.sync, .prepared))
    let snapshot = try rig.send(SnapshotRequest())
    #expect(rig.eventually { rig.running.cuts.hasBegun })
    try rig.issueAndWaitForLane(app)
    rig.running.snapshots.drain()
    rig.running.snapshots.giveUp()
    #expect(!rig.hasReply(snapshot))
    rig.disk.letGo()
    #expect(try rig.status(snapshot) == .draining)
    #expect(rig.eventually { !rig.running.cuts.hasBegun })
    let names = try rig.disk.list()
    #expect(!names.contains { $0.hasPrefix("snap") })
    // What is not a snapshot goes on: the journal takes what comes until it is stopped itself.
    #expect(try rig.status(try rig.issue(app).request) == .ok)
  }
}
