import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// `vectors/decisions.json`: what becomes of a token for what was asked of it.
@Suite struct DecisionTests {
  struct Decision: Sendable, CustomStringConvertible {
    let name: String
    let meaning: String
    let token: String
    let tokenAudience: String
    let tokenScope: String
    let isProviderOn: Bool
    let audience: String
    let anyAudience: Bool
    let scopes: String
    let verdict: UInt8

    var description: String { "\(name): \(meaning)" }

    static let all: [Decision] = {
      let file = ProtocolSchema.json("proto-spec/vectors/decisions.json") as? [String: Any]
      return (file?["vectors"] as? [[String: Any]] ?? []).map(Decision.init)
    }()

    init(_ vector: [String: Any]) {
      func text(_ key: String) -> String { vector[key] as? String ?? "" }
      name = text("name")
      meaning = text("meaning")
      token = text("token")
      tokenAudience = text("tokenAudience")
      tokenScope = text("tokenScope")
      isProviderOn = vector["providerOn"] as? Bool ?? false
      audience = text("requestAudience")
      anyAudience = vector["anyAudience"] as? Bool ?? false
      scopes = text("requiredScopes")
      verdict = UInt8(vector["verdict"] as? Int ?? 255)
    }
  }

  @Test("every decision of the vectors, in both forms, with every kind of token")
  func decisions() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    #expect(Decision.all.count > 100)
    for decision in Decision.all {
      try rig.set("provider-enabled", "true")
      let token = try Self.token(decision, rig, app)
      try rig.set("provider-enabled", decision.isProviderOn ? "true" : "false")
      for form in [ValidateRequest.Form.verdict, .identity] {
        let request = ValidateRequest(
          form: form, flags: decision.anyAudience ? ValidateRequest.anyAudience : 0,
          requiredScopes: Array(decision.scopes.utf8), audience: Array(decision.audience.utf8),
          tokens: [token])
        let verdict = try rig.verdicts(request)
        #expect(verdict == [Verdict(rawValue: decision.verdict)], "\(decision), \(form)")
      }
    }
  }

  @Test("the decisions of the vectors, asked of a running daemon")
  func live() throws {
    let daemon = try RunningDaemon()
    let admin = try ServiceConnection(daemon.adminPath)
    try admin.switchOn()
    let app = try admin.register(grants: 15)
    var asked = 0
    for decision in Decision.all {
      try admin.set([("provider-enabled", "true")])
      guard let token = try Self.liveToken(decision, admin, app) else { continue }
      try admin.set([("provider-enabled", decision.isProviderOn ? "true" : "false")])
      let verdicts = try admin.verdicts(
        [token], scopes: decision.scopes, audience: decision.audience,
        anyAudience: decision.anyAudience)
      #expect(verdicts == [Verdict(rawValue: decision.verdict)], "\(decision)")
      asked += 1
    }
    #expect(asked > 100)
    #expect(try daemon.stop() == .exited(0))
  }

  private static func token(
    _ decision: Decision, _ rig: ValidationRig, _ app: [UInt8]
  ) throws -> [UInt8] {
    // Without a person and without scopes of the app a token has none.
    let user = decision.tokenScope.isEmpty ? "" : "ann"
    let isExpired = decision.token.contains("expired")
    switch decision.token {
    case "missing": return []
    case "malformed": return Array("sga_nonsense".utf8)
    case "forged": return DecisionTests.forged
    case "unknown": return rig.neverIssued()
    default:
      let issued = try rig.issue(
        app, user: user, scope: decision.tokenScope, audience: decision.tokenAudience,
        lifetimeSeconds: 60, agoSeconds: isExpired ? 3_600 : 0)
      if decision.token.contains("revoked") {
        // While it was good still: what has expired is not revoked any more.
        try rig.call(RevokeRequest(subject: issued.accessToken), agoSeconds: isExpired ? 3_590 : 0)
      }
      return issued.accessToken
    }
  }

  /// nil where time would have to pass.
  private static func liveToken(
    _ decision: Decision, _ admin: ServiceConnection, _ app: RegisteredApp
  ) throws -> [UInt8]? {
    let user = decision.tokenScope.isEmpty ? "" : "ann"
    switch decision.token {
    case "missing": return []
    case "malformed": return Array("sga_nonsense".utf8)
    case "forged": return forged
    case "valid", "revoked":
      let issued = try admin.issue(
        app, user: user, scope: decision.tokenScope, audience: decision.tokenAudience)[0]
      if decision.token == "revoked" {
        try admin.call(RevokeRequest(subject: issued.accessToken))
      }
      return issued.accessToken
    default: return nil
    }
  }

  /// Well formed, all zero: nobody's tag.
  static let forged = Array("sga_048000000000000000000000000000000000000000000002iKLy1".utf8)
}
