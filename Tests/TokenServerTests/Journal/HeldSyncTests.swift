import Synchronization
import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// What is to be seen while a sync does not return: nothing that a power cut could take back.
struct HeldSyncTests {
  @Test("an issued token is refused and its reply is not out until the sync returns (etcd 14370)")
  func issue() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    // Were replies out before their sync, the sync held below would be the registration's.
    try #require(
      rig.eventually { rig.health.durablePosition.load(ordering: .acquiring) >= rig.gates.released }
    )
    let released = rig.gates.released
    rig.disk.hold(.batchSync)
    let issued = try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    #expect(rig.standing(issued.id) == .unreleased)
    #expect(try rig.verdict(issued.text) == .unknown)
    #expect(!rig.hasReply(issued.request))
    #expect(rig.gates.released == released)
    rig.disk.letGo()
    let reply = try rig.reply(issued.request, to: IssueRequest.self)
    #expect(reply.tokens.map(\.accessToken) == [issued.text])
    #expect(try rig.verdict(issued.text) == .valid)
    #expect(reply.position == released + 1)
    #expect(rig.gates.released == reply.position)
  }

  @Test("a revoked token is refused at once, and the reply waits for the sync (NATS 7564)")
  func revoke() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    let issued = try rig.issuedAndReleased(app)
    #expect(try rig.verdict(issued.text) == .valid)
    rig.disk.hold(.batchSync)
    let revoke = try rig.send(RevokeRequest(subject: issued.text))
    try #require(rig.disk.waitUntilHeld(.batchSync))
    #expect(try rig.verdict(issued.text) == .revoked)
    #expect(!rig.hasReply(revoke))
    rig.disk.letGo()
    let reply = try rig.reply(revoke, to: RevokeRequest.self)
    #expect(reply.position == rig.gates.released)
    #expect(try rig.verdict(issued.text) == .revoked)
  }

  @Test("of two exchanges of one code neither is answered before the sync, then one of them wins")
  func exchangeTwice() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    let code = try rig.code(app)
    rig.disk.hold(.batchSync)
    let first = try rig.send(rig.exchange(app, code: code))
    let second = try rig.send(rig.exchange(app, code: code))
    // The lane works in order, so it has decided both.
    let marker = try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    for request in [first, second, marker.request] { #expect(!rig.hasReply(request)) }
    rig.disk.letGo()
    #expect(try [rig.status(first), rig.status(second)] == [.ok, .invalidGrant])
    // A code that comes twice was stolen, maybe: what it gave ends.
    let won = try rig.reply(first, to: ExchangeRequest.self)
    #expect(try rig.isDead(won.tokens.accessToken))
  }

  @Test("reads and refusals decided after a commit are held until it is released")
  func reads() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    let issued = try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    // Turns without a commit of their own have nothing that waits but this.
    let reads = try [
      rig.send(SettingsGetRequest(acting: .local)),
      rig.send(AppListRequest(acting: .local, all: true, cursor: 0, maxBytes: 0)),
      rig.send(StatusRequest()), rig.send(StatsRequest()),
      rig.send(IntrospectRequest(token: issued.text)),
      rig.send(AppGetRequest(acting: .local, clientId: Array(repeating: 0x61, count: 26))),
    ]
    #expect(!rig.soon { reads.contains(where: rig.hasReply) })
    let refused = try rig.send(RevokeAppRequest(clientId: Array(repeating: 0x61, count: 26)))
    let held = reads + [refused]
    try rig.issueAndWaitForLane(app)
    for request in held + [issued.request] { #expect(!rig.hasReply(request), "\(request)") }
    rig.disk.letGo()
    let statuses = try held.map { try rig.status($0) }
    #expect(Array(statuses[..<5]) == [.ok, .ok, .ok, .ok, .ok])
    #expect(!statuses[5...].contains(.ok))
    let place = try #require(rig.answered.firstIndex(of: issued.request))
    #expect(rig.answered[(place + 1)...].starts(with: held))
  }

  @Test("a read decided at a released position leaves at once, without a write or a sync")
  func readAtReleased() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    _ = try rig.issuedAndReleased(app)
    rig.disk.hold(.batchSync)
    rig.disk.hold(.batchWrite)
    for _ in 0..<3 {
      let reply = try rig.call(SettingsGetRequest(acting: .local))
      #expect(reply.position == rig.gates.released)
      #expect(throws: ServiceConnection.Refused.self) {
        try rig.call(AppGetRequest(acting: .local, clientId: Array(repeating: 0x61, count: 26)))
      }
    }
  }

  @Test("what gathers while a sync is held is one batch")
  func groupCommit() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    // Each turn of the lane ends before the next one begins, so the last alone may come late.
    var gathered: [IssuedByHand] = []
    for _ in 0..<20 { gathered.append(try rig.issueAndWaitForLane(app)) }
    try rig.issueAndWaitForLane(app)
    let before = (rig.disk.count(.batchWrite), rig.disk.count(.batchSync))
    rig.disk.hold(.batchWrite)
    rig.disk.letGo(.batchSync)
    rig.disk.letOnePass(.batchWrite)
    for issued in gathered { #expect(try rig.status(issued.request) == .ok) }
    #expect(rig.disk.count(.batchWrite) == before.0 + 1)
    // The one that was held, and the batch's.
    #expect(rig.disk.count(.batchSync) == before.1 + 2)
  }
}
