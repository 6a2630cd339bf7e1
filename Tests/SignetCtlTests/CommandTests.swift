import FakeSignet
import Foundation
import SignetClient
import Testing
import TokenWire

@testable import signetctl

@Suite struct CommandTests {
  @Test func registerPrintsTheSecretOnceAndSaysSo() {
    let ran = run(
      "apps", "register", "--name", "Wiki", "--homepage", "https://w/", "--callback", "https://w/1",
      "--callback", "https://w/2", "--trusted", "--grant", "authorization_code,client_credentials"
    ) { peer in
      let request = peer.answer(
        AppRegisterRequest.self,
        AppRegisterReply(
          position: 7, clientId: Array(client.utf8), clientSecret: Array("sgs_x".utf8),
          callbacks: [Array("https://w/1".utf8), Array("https://w/2".utf8)], notes: 3))
      #expect(!request.key.isZero)
      #expect(request.acting == .local)
      #expect(request.fields.trusted)
      #expect(!request.fields.isPublic)
      #expect(request.fields.grants == 5)
      #expect(request.fields.callbacks.count == 2)
    }
    #expect(ran.code == .ok)
    #expect(
      ran.output == """
        Registered.
        client id      abcdefghijklmnopqrstuvwxyz
        client secret  sgs_x
        callbacks      https://w/1
                       https://w/2
        position       7

        """)
    #expect(
      ran.errors == """
        note: trusted was ignored: only a system administrator sets it
        note: grants were limited: only a system administrator sets the others
        note: the secret is shown this once; keep it now, or regenerate it later

        """)
  }

  @Test func asSpeaksForAPerson() {
    let ran = run("apps", "list", "--as", "alice", "--system-admin", "--all", "--json") { peer in
      let first = peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 9, apps: [app("One")]))
      #expect(first.acting == Acting(user: "alice", systemAdmin: true, login: .session))
      #expect(first.all)
      #expect(first.cursor == 0)
      let second = peer.answer(
        AppListRequest.self, AppListReply(position: 1, nextCursor: 0, apps: [app("Two")]))
      #expect(second.cursor == 9)
    }
    #expect(ran.code == .ok)
    let names = json(ran)["apps"] as? [[String: Any]]
    #expect(names?.map { $0["name"] as? String } == ["One", "Two"])
    #expect(json(ran)["nextCursor"] == nil)
  }

  @Test func pagesStopsWithTheCursorToGoOnFrom() {
    let ran = run("grants", "list", "--pages", "1", "--cursor", "4", "--json") { peer in
      let request = peer.answer(
        GrantListRequest.self, GrantListReply(position: 1, nextCursor: 12, grants: []))
      #expect(request.cursor == 4)
    }
    #expect(json(ran)["nextCursor"] as? Int == 12)
  }

  @Test func actorIsLocalUnderAName() {
    let ran = run("apps", "delete", client, "--actor", "root") { peer in
      let request = peer.answer(AppDeleteRequest.self, PositionReply(position: 3))
      #expect(request.acting == Acting(user: "root", systemAdmin: false, login: .local))
    }
    #expect(ran.output == "Deleted.\nposition  3\n")
  }

  @Test func updateKeepsWhatIsNotNamedAndItsRevision() {
    let ran = run("apps", "update", client, "--callback", "https://new/", "--icon=") { peer in
      peer.answer(AppGetRequest.self, AppReply(position: 1, app: app("Old")))
      let request = peer.answer(
        AppUpdateRequest.self, AppUpdateReply(position: 2, app: app("Old"), notes: 4))
      #expect(request.revision == 5)
      #expect(request.fields.name == Array("Old".utf8))
      #expect(request.fields.callbacks == [Array("https://new/".utf8)])
      #expect(request.fields.iconUrl == [])
      #expect(request.fields.trusted)
      #expect(request.fields.grants == 3)
    }
    #expect(ran.code == .ok)
    #expect(ran.errors.contains("note: trust was removed"))
  }

  @Test func keyOfTheCallerIsUsed() {
    let ran = run("keys", "rotate", "--idempotency-key", "000102030405060708090a0b0c0d0e0f") {
      peer in
      let request = peer.answer(KeysRotateRequest.self, KeysRotateReply(position: 2, keyId: 9))
      #expect(request.key.bytes == Array(0..<16))
    }
    #expect(ran.output == "New tokens are signed with key 9.\nkey id    9\nposition  2\n")
  }

  @Test func consentTicketIsTextBothWays() {
    let asked = run(
      "authorize", "--as", "bob", "--client", client, "--redirect-uri", "https://w/1",
      "--challenge", "c", "--json"
    ) { peer in
      let request = peer.answer(AuthorizeRequest.self, authorized(.consentNeeded))
      #expect(request.codeChallengeMethod == Array("S256".utf8))
      #expect(request.responseType == Array("code".utf8))
    }
    #expect(asked.code == .ok)
    #expect(json(asked)["ticket"] as? String == "--__")
    let allowed = run("allow", "--as", "bob", "-", input: "--__\n") { peer in
      let request = peer.answer(
        AllowRequest.self, RedirectReply(position: 4, redirect: Array("https://w/1?code=x".utf8)))
      #expect(request.ticket == [0xFB, 0xEF, 0xFF])
    }
    #expect(allowed.output == "redirect  https://w/1?code=x\nposition  4\n")
  }

  @Test func errorPageIsARefusal() {
    let ran = run("authorize", "--as", "bob", "--client", client, "--redirect-uri", "u") { peer in
      peer.answer(AuthorizeRequest.self, authorized(.errorPage))
    }
    #expect(ran.code == .refused)
    #expect(ran.output.contains("error name  INVALID_CLIENT"))
  }

  @Test(arguments: [
    (["--secret", "s"], ClientAuth.Method.body), (["--secret", "s", "--basic"], .basic),
    ([], .none),
  ])
  func clientMethodFollowsTheOptions(options: [String], method: ClientAuth.Method) {
    let server = FakeServer { peer in
      peer.hello()
      let request = peer.answer(
        ExchangeRequest.self, TokensReply(position: 1, tokens: tokenSet("sga_1")))
      #expect(request.client.method == method)
      #expect(request.code == Array("sgc_1".utf8))
    }
    let ran = run(
      ["exchange", "--client", client, "--code", "sgc_1", "--redirect-uri", "u"] + options
        + ["--socket", server.path])
    #expect(ran.code == .ok)
    #expect(ran.output.hasPrefix("access token        sga_1\n"))
    server.finish()
  }

  @Test func secretsComeFromStandardInputAndFiles() throws {
    let file = NSTemporaryDirectory() + "/signetctl-token-\(UUID().uuidString)"
    try "sgr_token\r\n".write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let ran = run(
      "refresh", "--client", client, "--secret", "-", "--token", "@\(file)", input: "sgs_secret\n"
    ) { peer in
      let request = peer.answer(
        RefreshRequest.self, TokensReply(position: 1, tokens: tokenSet("sga_1")))
      #expect(request.client.clientSecret == Array("sgs_secret".utf8))
      #expect(request.refreshToken == Array("sgr_token".utf8))
    }
    #expect(ran.code == .ok)
  }

  @Test func unreadableSecretFileIsNamedAndNothingIsSent() {
    let ran = run(["revoke", "@/tmp/signetctl-absent/token", "--socket", "/tmp/absent/s"])
    #expect(ran.code == .usage)
    #expect(ran.errors.contains("/tmp/signetctl-absent/token"))
  }

  @Test func emptyStandardInputIsNoSecret() {
    let ran = run(["revoke", "-", "--socket", "/tmp/absent/s"], input: "\n")
    #expect(ran.code == .usage)
    #expect(ran.errors == "signetctl: the subject: standard input is empty\n")
  }

  @Test func refusalIsToldWithItsFieldAndCode() {
    let script: @Sendable (inout FakePeer) -> Void = { peer in
      peer.refuse(
        UserDisableRequest.self, .invalidField, field: "user", message: "1 to 128 bytes")
    }
    let text = run("users", "disable", "", against: script)
    #expect(text.code == .refused)
    #expect(text.errors == "signetctl: INVALID_FIELD (user): 1 to 128 bytes\n")
    #expect(text.output.isEmpty)
    let machine = run("users", "disable", "", "--json", against: script)
    #expect(machine.errors.isEmpty)
    #expect(
      machine.output == """
        {
          "error": {
            "kind": "refused",
            "status": "INVALID_FIELD",
            "code": 517,
            "field": "user",
            "message": "1 to 128 bytes",
            "retryAfterMillis": 0,
            "oauthError": "invalid_request"
          }
        }

        """)
  }

  @Test func settingsAreSetTogetherAndMayHoldEqualsSigns() {
    let ran = run("settings", "set", "issuer=https://a/?b=c", "provider-enabled=true") { peer in
      let request = peer.request(SettingsSetRequest.self)
      peer.reply(
        SettingsReply(position: 8, settings: request.message.settings), .settingsSet, request.id)
      #expect(
        request.message.settings == [
          SettingEntry(name: "issuer", value: "https://a/?b=c"),
          SettingEntry(name: "provider-enabled", value: "true"),
        ])
    }
    #expect(
      ran.output
        == "NAME              VALUE\nissuer            https://a/?b=c\nprovider-enabled  true\n"
        + "position  8\n")
  }

  @Test func settingThatIsNotThereIsGuessed() {
    let ran = run("settings", "show", "provider-enable") { peer in
      peer.answer(
        SettingsGetRequest.self,
        SettingsReply(
          position: 1, settings: [SettingEntry(name: "provider-enabled", value: "false")]))
    }
    #expect(ran.code == .usage)
    #expect(ran.errors.contains("did you mean provider-enabled?"))
  }

  @Test func aSuspectClockIsToldWithTheCommandThatEndsIt() {
    let ran = run("status") { peer in
      peer.answer(
        StatusRequest.self,
        StatusReply(
          position: 3,
          facts: [FactEntry(name: Array("clock".utf8), value: Array("suspect".utf8))]))
    }
    #expect(ran.code == .ok)
    #expect(ran.output == "position  3\nclock     suspect\n")
    #expect(ran.errors.hasPrefix("note: the wall clock stepped"))
    #expect(ran.errors.hasSuffix("signetctl clock accept\n"))
  }

  @Test(arguments: [true, false])
  func clockAcceptTellsTheTimeInForce(wasSuspect: Bool) {
    let ran = run("clock", "accept") { peer in
      peer.answer(
        ClockAcceptRequest.self,
        ClockAcceptReply(position: 3, now: 1_796_133_769_999, wasSuspect: wasSuspect))
    }
    #expect(ran.code == .ok)
    let sentence =
      wasSuspect ? "Accepted." : "The clock was not suspect; nothing changed."
    #expect(
      ran.output == """
        \(sentence)
        now          2026-12-01T14:02:49Z
        was suspect  \(wasSuspect ? "yes" : "no")
        position     3

        """)
  }

  @Test func statusShowsTimesAndFacts() {
    let ran = run("status") { peer in
      peer.answer(
        StatusRequest.self,
        StatusReply(
          position: 3,
          facts: [
            FactEntry(name: Array("started-at".utf8), value: Array("1796133769999".utf8)),
            FactEntry(name: Array("clock".utf8), value: Array("trusted".utf8)),
          ]))
    }
    #expect(
      ran.output
        == "position    3\nstarted-at  2026-12-01T14:02:49Z\nclock       trusted\n")
  }

  @Test func aLostConnectionIsRepairedUnderTheSameKey() {
    let server = FakeServer(
      { peer in
        peer.hello()
        let lost = peer.request(KeysRotateRequest.self).message
        #expect(!lost.key.isZero)
      },
      { peer in
        peer.hello()
        peer.answer(KeysRotateRequest.self, KeysRotateReply(position: 2, keyId: 9))
      })
    #expect(run(["keys", "rotate", "--socket", server.path]).code == .ok)
    server.finish()
  }

  @Test func socketComesFromTheEnvironment() {
    let server = FakeServer { peer in
      peer.hello()
      peer.answer(KeysListRequest.self, KeysListReply(position: 1, keys: []))
    }
    let ran = run(["keys", "list"], environment: ["SIGNET_SOCKET": server.path])
    #expect(ran.output == "no keys\n")
    server.finish()
  }
}
