import StorageSupport
import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// A commit and a refusal that follows from it, gathered while another batch is on its way.
struct HeldRefusalTests {
  @Test("a refusal leaves no earlier than the commit that it was decided by is durable")
  func together() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    let ban = try rig.send(UserDisableRequest(user: "bob"))
    let refused = try rig.issue(app, user: "bob").request
    // The lane works in order, and has handed both on when it comes to the second of these.
    try rig.issueAndWaitForLane(app)
    try rig.issueAndWaitForLane(app)
    rig.disk.letOnePass(.batchSync)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    #expect(!rig.hasReply(refused))
    #expect(!rig.hasReply(ban))
    rig.disk.letGo()
    #expect(try rig.status(ban) == .ok)
    #expect(try rig.status(refused) == .userDisabled)
  }
}
