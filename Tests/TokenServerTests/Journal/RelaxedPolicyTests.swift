import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// The policies that answer before the sync: what they do not wait for, and what a power cut takes.
struct RelaxedPolicyTests {
  /// No sync by time: an hour is not over in a test.
  private static func plan(_ durability: Durability) -> JournalPlan {
    JournalPlan(durability: durability, syncIntervalMillis: 3_600_000)
  }

  @Test("durable-revocations: an ISSUE is answered without a sync, a REVOKE only after one")
  func durableRevocations() throws {
    let rig = try JournalRig(plan: Self.plan(.durableRevocations))
    let app = try rig.register()
    let first = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchSync)
    let syncs = rig.disk.count(.batchSync)
    let second = try rig.issuedAndReleased(app)
    #expect(try rig.verdict(second.text) == .valid)
    #expect(rig.disk.count(.batchSync) == syncs)
    let beforeRevoke = rig.disk.afterPowerCut(.loseAll)
    let revoke = try rig.send(RevokeRequest(subject: first.text))
    try #require(rig.disk.waitUntilHeld(.batchSync))
    #expect(try rig.verdict(first.text) == .revoked)
    #expect(!rig.hasReply(revoke))
    rig.disk.letGo()
    #expect(try rig.status(revoke) == .ok)
    #expect(rig.disk.count(.batchSync) == syncs + 1)
    // What came before the revocation is on the disk with it.
    let kept = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try kept.verdict(first.text) == .revoked)
    #expect(try kept.verdict(second.text) == .valid)
    let lost = try JournalRig(beforeRevoke)
    #expect(try lost.verdict(second.text) == .unknown)
    #expect(try lost.status(lost.issue(app).request) == .ok)
  }

  @Test("durable-revocations: an ISSUE in one batch with a REVOKE waits for its sync")
  func mixedBatch() throws {
    let rig = try JournalRig(plan: Self.plan(.durableRevocations))
    let app = try rig.register()
    let first = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchWrite)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchWrite))
    let revoke = try rig.send(RevokeRequest(subject: first.text))
    let issued = try rig.issueAndWaitForLane(app)
    try rig.issueAndWaitForLane(app)
    rig.disk.hold(.batchSync)
    rig.disk.letGo(.batchWrite)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    #expect(!rig.hasReply(revoke) && !rig.hasReply(issued.request))
    #expect(try rig.verdict(issued.text) == .unknown)
    rig.disk.letGo()
    #expect(try rig.status(revoke) == .ok)
    #expect(try rig.status(issued.request) == .ok)
  }

  @Test(
    "process-safe: no reply waits for a sync; a kill takes nothing, a power cut what was not synced"
  )
  func processSafe() throws {
    let rig = try JournalRig(plan: Self.plan(.processSafe))
    let app = try rig.register()
    let issued = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchSync)
    let revoke = try rig.send(RevokeRequest(subject: issued.text))
    #expect(try rig.status(revoke) == .ok)
    let killed = try JournalRig(rig.disk.afterKill())
    #expect(try killed.verdict(issued.text) == .revoked)
    let cut = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try cut.verdict(issued.text) == .unknown)
    #expect(cut.gates.released < rig.gates.released)
    rig.stop()
    let stopped = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try stopped.verdict(issued.text) == .revoked)
  }

  @Test(
    "the sync of the interval comes by itself, and a power cut after it takes nothing",
    arguments: [Durability.durableRevocations, .processSafe])
  func interval(durability: Durability) throws {
    let plan = JournalPlan(durability: durability, syncIntervalMillis: 1)
    let rig = try JournalRig(plan: plan)
    let app = try rig.register()
    for _ in 0..<3 {
      let syncs = rig.disk.count(.batchSync)
      let issued = try rig.issuedAndReleased(app)
      try #require(rig.disk.waitUntilCounted(.batchSync, syncs + 1))
      let isKept = try rig.eventually {
        try JournalRig(rig.disk.afterPowerCut(.loseAll)).verdict(issued.text) == .valid
      }
      try #require(isKept)
    }
  }
}
