import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// The journal's thread takes nothing for a while: the lane has so many turns on their way and no
/// more.
struct FullQueueTests {
  @Test(
    "the lane waits while the queue is full, then goes on, loses nothing, urgent requests first")
  func full() throws {
    let rig = try JournalRig(queueCapacity: 4_096)
    let app = try rig.register()
    let issued = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    _ = rig.hasReply(0)
    let alreadyAnswered = rig.answered.count
    var sent: [UInt32] = []
    while !rig.isQueueFull && sent.count < 40_000 {
      sent.append(try rig.send(SettingsGetRequest(acting: .local)))
    }
    try #require(rig.isQueueFull)
    // The lane may take one more turn, which these fill.
    for _ in 0..<2 * LaneQueue.turnCapacity {
      sent.append(try rig.send(SettingsGetRequest(acting: .local)))
    }
    let ordinary = try rig.issue(app)
    let urgent = try rig.send(RevokeRequest(subject: issued.text), isUrgent: true)
    #expect(!rig.soon { rig.standing(ordinary.id) != .absent }, "the lane did not wait")
    rig.disk.letGo()
    let reply = try rig.reply(ordinary.request, to: IssueRequest.self)
    let revoked = try rig.reply(urgent, to: RevokeRequest.self)
    #expect(revoked.position < reply.position)
    #expect(try rig.verdict(ordinary.text) == .valid)
    #expect(try rig.isDead(issued.text))
    // The issue whose sync was held, then everything else once. Reads leave in no promised order:
    // what is decided after the release goes past the turns that the journal's thread still holds.
    #expect(
      rig.eventually {
        _ = rig.hasReply(0); return rig.answered.count >= alreadyAnswered + sent.count + 3
      })
    let others = rig.answered.dropFirst(alreadyAnswered + 1).filter { $0 != urgent }
    #expect(others.sorted() == sent + [ordinary.request])
  }
}
