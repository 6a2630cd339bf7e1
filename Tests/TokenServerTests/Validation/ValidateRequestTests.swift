import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// What a VALIDATE is answered as a whole.
@Suite(.serialized) struct ValidateRequestTests {
  private let daemon: RunningDaemon
  private let admin: ServiceConnection
  private let app: RegisteredApp

  init() throws {
    daemon = try RunningDaemon()
    admin = try ServiceConnection(daemon.adminPath)
    try admin.switchOn()
    app = try admin.register("Desk")
  }

  @Test("512 tokens are answered in order, 513 are MALFORMED and close")
  func limits() throws {
    let good = try (0..<4).flatMap { _ in try admin.issue(app, count: 128) }.map(\.accessToken)
    #expect(try admin.verdicts(good) == Array(repeating: .valid, count: 512))
    let connection = try ServiceConnection(daemon.path)
    let tokens = [[UInt8]](repeating: [], count: 513)
    try connection.send(ValidateRequest(form: .verdict, tokens: tokens))
    let (frames, _) = try connection.socket.readToEnd()
    #expect(frames.map(\.status) == [Status.malformed.rawValue])
    let none = try ServiceConnection(daemon.path)
    try none.send(ValidateRequest(form: .verdict, tokens: [[UInt8]]()))
    #expect(try none.socket.readToEnd().frames.map(\.status) == [Status.malformed.rawValue])
  }

  @Test("atLeastPosition above what is released is NOT_CAUGHT_UP, and nothing is judged")
  func notCaughtUp() throws {
    let token = try admin.issue(app)[0].accessToken
    let position = try admin.call(BarrierRequest()).position
    #expect(try admin.verdicts([token], atLeast: position) == [.valid])
    for ahead in [position + 1, position + 1_000, .max] {
      let request = ValidateRequest(
        form: .verdict, atLeastPosition: ahead, requiredScopes: [], audience: [],
        tokens: [token])
      let frame = try admin.exchange(Opcode.validate.rawValue, try request.encodedBody())
      let refusal = ServiceConnection.Refused(frame)
      #expect(refusal.status == .notCaughtUp)
      #expect(refusal.field == "atLeastPosition")
      #expect(refusal.retryAfterMillis > 0)
    }
  }

  @Test("the position of a mutation's reply is enough for every worker at once")
  func readYourWrite() throws {
    let others = try (0..<4).map { _ in try ServiceConnection(daemon.path) }
    for _ in 0..<50 {
      let item = IssueItem(
        clientId: app.clientId, user: Array("ann".utf8), scope: [], audience: [],
        lifetimeSeconds: 0, withRefresh: false, count: 1)
      let reply = try admin.call(IssueRequest(items: [item]))
      for other in others {
        let verdicts = try other.verdicts(
          [reply.tokens[0].accessToken], atLeast: reply.position)
        #expect(verdicts == [.valid])
      }
    }
  }

  @Test("an identity reply that does not fit the connection is LIMIT_REACHED, fewer tokens pass")
  func identityTooLarge() throws {
    let user = String(repeating: "u", count: 64)
    let tokens = try admin.issue(app, user: user, count: 64).map(\.accessToken)
    let small = try ServiceConnection(daemon.path, maxFrame: 1_024)
    let one = ValidateRequest(form: .identity, tokens: [tokens[0]])
    #expect(try small.status(of: one) == .ok)
    let many = ValidateRequest(form: .identity, tokens: Array(tokens.prefix(15)))
    #expect(try small.status(of: many) == .limitReached)
    #expect(try small.verdicts(Array(tokens.prefix(15))).count == 15)
    #expect(try small.status(of: one) == .ok)
    let all = ValidateRequest(form: .identity, tokens: tokens)
    #expect(try admin.status(of: all) == .ok)
  }

  @Test("the worst identity reply of 80 tokens fits 65,536 bytes")
  func eightyIdentities() throws {
    let user = String(repeating: "u", count: 128)
    let scope = String(repeating: "s", count: 128)
    let audience = "https://" + String(repeating: "a", count: 504)
    let tokens = try (0..<2).flatMap { _ in
      try admin.issue(app, user: user, scope: scope, audience: audience, count: 40)
    }
    let request = ValidateRequest(
      form: .identity, audience: Array(audience.utf8), tokens: tokens.map(\.accessToken))
    let reply = try admin.call(request)
    guard case .identities(let identities) = reply else {
      Issue.record("another form")
      return
    }
    #expect(identities.count == 80)
    #expect(identities.allSatisfy { $0.verdict == 0 && $0.subject.count == 128 })
  }

  @Test("an identity says subject, client, scope, audience and expiry; of a dead token nothing")
  func identity() throws {
    try admin.set([("enable-icon-override", "true"), ("enable-username-override", "true")])
    let issued = try admin.issue(
      app, scope: "write read", audience: "https://api.example")[0]
    let dead = try admin.issue(app)[0]
    try admin.call(RevokeRequest(subject: dead.accessToken))
    let request = ValidateRequest(
      form: .identity, audience: Array("https://api.example".utf8),
      tokens: [dead.accessToken, issued.accessToken])
    guard case .identities(let found) = try admin.call(request) else { return }
    #expect(found[0] == Identity(verdict: Verdict.revoked.rawValue))
    #expect(found[1].subject == Array("ann".utf8))
    #expect(found[1].subjectKind == Identity.SubjectKind.user.rawValue)
    #expect(found[1].clientId == app.clientId)
    #expect(found[1].scope == Array("read write".utf8))
    #expect(found[1].audience == Array("https://api.example".utf8))
    #expect(found[1].expiresAt / 1_000 == issued.expiresAt / 1_000)
    #expect(found[1].overrides == 3)
  }

  @Test(
    "requiredScopes that is no scope text is INVALID_FIELD, and the connection stays",
    arguments: [
      " ", " read", "read ", "read  write", "re\"ad", "re\\ad", "ä", "read\twrite",
      String(repeating: "s", count: 129),
      (0..<17).map { "s\($0)" }.joined(separator: " "),
    ])
  func badScopes(_ scopes: String) throws {
    let token = try admin.issue(app)[0].accessToken
    let request = ValidateRequest(
      form: .verdict, requiredScopes: Array(scopes.utf8), audience: [], tokens: [token])
    let frame = try admin.exchange(Opcode.validate.rawValue, try request.encodedBody())
    let refusal = ServiceConnection.Refused(frame)
    #expect(refusal.status == .invalidField)
    #expect(refusal.field == "requiredScopes")
    #expect(try admin.verdict(token) == .valid)
  }

  @Test("an audience of 513 bytes is INVALID_FIELD, of 512 it is asked for")
  func longAudience() throws {
    let token = try admin.issue(app)[0].accessToken
    let audience = "https://" + String(repeating: "a", count: 504)
    #expect(try admin.verdicts([token], audience: audience) == [.wrongAudience])
    let request = ValidateRequest(
      form: .verdict, requiredScopes: [], audience: Array((audience + "a").utf8),
      tokens: [token])
    let frame = try admin.exchange(Opcode.validate.rawValue, try request.encodedBody())
    let refusal = ServiceConnection.Refused(frame)
    #expect(refusal.status == .invalidField)
    #expect(refusal.field == "audience")
  }

  @Test("the seconds left are those of the token, and 0 for every other verdict")
  func secondsLeft() throws {
    let issued = try admin.issue(app)[0]
    let request = ValidateRequest(form: .verdict, tokens: [issued.accessToken, []])
    guard case .verdicts(let elements) = try admin.call(request) else { return }
    #expect(elements[0].expiresInSeconds <= issued.expiresInSeconds)
    #expect(elements[0].expiresInSeconds + 60 > issued.expiresInSeconds)
    #expect(elements[1].expiresInSeconds == 0)
  }
}
