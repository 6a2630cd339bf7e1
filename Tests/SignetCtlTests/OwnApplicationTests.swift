import FakeSignet
import SignetClient
import TestSupport
import Testing
import TokenWire

@testable import signetctl

@Suite struct OwnApplicationTests {
  private static let issued = IssueReply(
    position: 9, tokens: [tokenSet("sga_x")])

  private static func named(_ id: Character, _ change: (inout AppEntry) -> Void) -> AppEntry {
    var entry = app(OwnApplication.name)
    entry.clientId = Array(String(repeating: id, count: 26).utf8)
    entry.creator = []
    change(&entry)
    return entry
  }

  @Test func theOldestThatLocalAdministrationMadeIsUsed() {
    let apps = [
      Self.named("a") { $0.creator = Array("eve".utf8) },
      Self.named("b") { $0.dynamicallyRegistered = true },
      Self.named("c") { $0.name = Array("Signetctl".utf8) },
      Self.named("d") { $0.createdAt = 8 },
    ]
    let ran = run("issue", "--user", "alice", "--scope", "read") { peer in
      let first = peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 5, apps: apps))
      #expect(first.acting == .local && first.all && first.cursor == 0)
      let second = peer.answer(
        AppListRequest.self,
        AppListReply(position: 1, nextCursor: 0, apps: [Self.named("e") { $0.createdAt = 7 }]))
      #expect(second.cursor == 5)
      let request = peer.answer(IssueRequest.self, Self.issued)
      #expect(request.items.map(\.clientId) == [Array(repeating: UInt8(ascii: "e"), count: 26)])
      #expect(request.items.map(\.user) == [Array("alice".utf8)])
    }
    #expect(ran.code == .ok && ran.output.contains("sga_x"))
    #expect(
      ran.errors.contains(
        "issued for the application signetctl, client id \(String(repeating: "e", count: 26))"))
  }

  @Test func withAClientNothingIsLookedFor() {
    let ran = run("issue", "--client", client, "--user", "alice") { peer in
      let request = peer.answer(IssueRequest.self, Self.issued)
      #expect(request.items.map(\.clientId) == [Array(client.utf8)])
    }
    #expect(ran.code == .ok && ran.errors.isEmpty)
  }

  @Test func withoutTheRightItSaysWhy() {
    let ran = run("issue", "--user", "alice") { peer in
      peer.refuse(AppListRequest.self, .denied, message: "needs the right admin")
    }
    #expect(ran.code == .refused && ran.errors.contains("needs the right admin"))
  }

  /// A live service: the first run registers, the second finds, the tokens are good.
  @Test func twoRunsOnALiveService() throws {
    let daemon = try RunningDaemon()
    let socket = ["--socket", daemon.adminPath]
    #expect(run(["settings", "set", "provider-enabled=true"] + socket).code == .ok)
    let issue = ["issue", "--user", "alice", "--scope", "read", "--json"] + socket
    let (first, second) = (run(issue), run(issue))
    #expect(first.code == .ok && first.output.contains("registered the application signetctl"))
    #expect(second.code == .ok && second.output.contains("issued for the application signetctl"))
    let apps = json(run(["apps", "list", "--json"] + socket))["apps"] as? [[String: Any]]
    #expect(apps?.map { $0["name"] as? String } == ["signetctl"])
    for ran in [first, second] {
      let tokens = json(ran)["tokens"] as? [[String: Any]]
      let token = try #require(tokens?.first?["accessToken"] as? String)
      #expect(run(["validate", token, "--scope", "read"] + socket).code == .ok)
    }
    #expect(try daemon.stop() == .exited(0))
  }
}
