import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// An idempotency key means one effect, whatever happened to the first reply.
struct RetriedMutationTests {
  private static func request(_ app: RigApp, key: UInt64) -> IssueRequest {
    let item = IssueItem(
      clientId: app.clientId, user: Array("ann".utf8), scope: [], audience: [],
      lifetimeSeconds: 0, withRefresh: false, count: 2)
    return IssueRequest(key: Bytes16(word0: key, word1: 1), items: [item])
  }

  private static func liveTokens(_ rig: JournalRig) throws -> UInt64? {
    try rig.call(StatsRequest()).stats.first { $0.name == Array("live-tokens".utf8) }?.value
  }

  @Test("a retry before the sync waits like the first, and gets the same tokens")
  func beforeSync() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    let first = try rig.send(Self.request(app, key: 1))
    try #require(rig.disk.waitUntilHeld(.batchSync))
    let second = try rig.send(Self.request(app, key: 1))
    try rig.issueAndWaitForLane(app)
    #expect(!rig.hasReply(first) && !rig.hasReply(second))
    rig.disk.letGo()
    let reply = try rig.reply(first, to: IssueRequest.self)
    #expect(try rig.reply(second, to: IssueRequest.self) == reply)
    #expect(try Self.liveTokens(rig) == 3)
    for token in reply.tokens { #expect(try rig.verdict(token.accessToken) == .valid) }
  }

  @Test("a retry after a restart gets the same tokens, and no others are made")
  func afterRestart() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    let reply = try rig.call(Self.request(app, key: 2))
    let revoke = RevokeRequest(
      key: Bytes16(word0: 3, word1: 1), subject: reply.tokens[1].accessToken)
    let revoked = try rig.call(revoke)
    for disk in [rig.disk.afterKill(), rig.disk.afterPowerCut(.loseAll)] {
      let next = try JournalRig(disk)
      #expect(try next.call(Self.request(app, key: 2)) == reply)
      #expect(try next.call(revoke) == revoked)
      // The revoked one is reclaimed by now.
      #expect(try Self.liveTokens(next) == 1)
      #expect(try next.verdict(reply.tokens[0].accessToken) == .valid)
      #expect(try next.isDead(reply.tokens[1].accessToken))
    }
  }

  @Test("a retry after a power cut that took the first, which nobody was told of, has its effect")
  func afterLoss() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    let first = try rig.send(Self.request(app, key: 4))
    try #require(rig.disk.waitUntilHeld(.batchSync))
    let disk = rig.disk.afterPowerCut(.loseAll)
    #expect(!rig.hasReply(first))
    let next = try JournalRig(disk)
    let reply = try next.call(Self.request(app, key: 4))
    #expect(try Self.liveTokens(next) == 2)
    for token in reply.tokens { #expect(try next.verdict(token.accessToken) == .valid) }
  }
}
