import FakeSignet
import SignetClient
import Testing
import TokenWire

@testable import signetctl

@Suite struct ValidateCommandTests {
  @Test func oneBadTokenIsExitCode1() {
    let ran = run("validate", "-", "--scope", "read", input: "good\n\nbad\r\n") { peer in
      let request = peer.answer(
        ValidateRequest.self,
        .identities([
          Identity(
            verdict: 0, subjectKind: 1, expiresAt: 1_796_133_769_999, subject: Array("bob".utf8),
            clientId: Array(client.utf8), scope: Array("read".utf8)),
          Identity(verdict: 5),
        ]))
      #expect(request.tokens == [Array("good".utf8), Array("bad".utf8)])
      #expect(request.requiredScopes == Array("read".utf8))
      #expect(request.form == .identity)
    }
    #expect(ran.code == .refused)
    #expect(
      ran.output == """
        VERDICT  SUBJECT  CLIENT ID                   SCOPE  AUDIENCE  EXPIRES
        VALID    bob      abcdefghijklmnopqrstuvwxyz  read   -         2026-12-01T14:02:49Z
        REVOKED  -        -                           -      -         -

        """)
  }

  @Test func allGoodIsExitCode0() {
    let ran = run("validate", "t") { peer in
      peer.answer(ValidateRequest.self, .identities([Identity(verdict: 0)]))
    }
    #expect(ran.code == .ok)
  }

  /// Verdict, token, what decided, what a gateway answers.
  static let cases: [(UInt8, String, String, Int, String)] = [
    (0, "t", "all", 200, ""),
    (1, "", "presence", 401, "WWW-Authenticate: Bearer"),
    (2, "short", "length", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (2, text("sgz_"), "prefix", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (2, text("sga_", "!"), "alphabet", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (2, text("sga_", "z"), "range", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (2, text("sga_"), "checksum", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (3, "t", "signature", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (4, "t", "expiry", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (5, "t", "revocation", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (6, "t", "record", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (7, "t", "audience", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
    (
      8, "t", "scope", 403,
      #"WWW-Authenticate: Bearer error="insufficient_scope", scope="read write""#
    ),
    (9, "t", "provider", 503, "Retry-After"),
    (77, "t", "later", 401, #"WWW-Authenticate: Bearer error="invalid_token""#),
  ]

  /// A text of an access token's length: a prefix, one digit over and over.
  static func text(_ prefix: String, _ digit: Character = "0") -> String {
    prefix + String(repeating: digit, count: 53)
  }

  @Test(arguments: cases)
  func explanationNamesTheCheckAndTheAnswer(
    verdict: UInt8, token: String, check: String, http: Int, headers: String
  ) {
    let explanation = VerdictExplanation(
      Array(token.utf8), verdict, scope: "read write", audience: "")
    #expect(explanation.check == check)
    #expect(explanation.httpStatus == http)
    #expect(explanation.answer == headers)
    #expect(!explanation.explanation.isEmpty)
  }

  @Test func explainPutsItInWordsAndInJSON() {
    let script: @Sendable (inout FakePeer) -> Void = { peer in
      peer.answer(ValidateRequest.self, .identities([Identity(verdict: 9)]))
    }
    let text = run("validate", "t", "--explain", against: script)
    #expect(
      text.output == """
        1. PROVIDER_OFF, decided by provider: \
        the provider is switched off (settings set provider-enabled=true)
           A gateway answers 503 with Retry-After

        """)
    let machine = json(run("validate", "t", "--explain", "--json", against: script))
    let token = (machine["tokens"] as? [[String: Any]])?.first
    #expect(token?["verdict"] as? String == "PROVIDER_OFF")
    #expect(token?["check"] as? String == "provider")
    #expect(token?["httpStatus"] as? Int == 503)
  }
}
