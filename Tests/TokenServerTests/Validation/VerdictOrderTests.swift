import TestSupport
import Testing
import TokenWire

@testable import TokenServer

@Suite struct VerdictOrderTests {
  @Test("a batch of every verdict in any order keeps each at its token's place")
  func mixedBatches() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    let dead = try rig.issue(app)
    try rig.call(RevokeRequest(subject: dead.accessToken))
    let expired = try rig.issue(app, lifetimeSeconds: 60, agoSeconds: 3_600)
    let other = try rig.issue(app, scope: "read write", audience: "https://other.example")
    let poor = try rig.issue(app, scope: "read", audience: "https://api.example")
    let good = try rig.issue(app, scope: "read write", audience: "https://api.example")
    let kinds: [([UInt8], Verdict)] = [
      (good.accessToken, .valid), ([], .missing), (Array("x".utf8), .malformed),
      (DecisionTests.forged, .forged), (expired.accessToken, .expired),
      (dead.accessToken, .revoked), (rig.neverIssued(), .unknown),
      (other.accessToken, .wrongAudience), (poor.accessToken, .insufficientScope),
    ]
    let seed: UInt64 = 0x5167_4E37_0003
    var random = SplitMix64(seed: seed)
    for size in [1, 2, 3, 9, 100, 511, 512] {
      let batch = (0..<size).map { _ in random.pick(kinds) }
      for form in [ValidateRequest.Form.verdict, .identity] where size <= 100 || form == .verdict {
        let request = ValidateRequest(
          form: form, requiredScopes: Array("read write".utf8),
          audience: Array("https://api.example".utf8), tokens: batch.map(\.0))
        #expect(try rig.verdicts(request) == batch.map(\.1), "seed \(seed), \(size) tokens")
      }
    }
  }

  @Test("only access tokens pass: refresh token, code, secret, accessor, grant are MALFORMED")
  func kinds() throws {
    let daemon = try RunningDaemon()
    let admin = try ServiceConnection(daemon.adminPath)
    try admin.switchOn()
    let app = try admin.register()
    let issued = try admin.issue(app, withRefresh: true)[0]
    let code = try admin.code(app)
    #expect(code.count == 57 && app.secret.count == 54)
    let tokens = [issued.refreshToken, code, app.secret, issued.accessor, issued.grant]
    let verdicts = try admin.verdicts(tokens + [issued.accessToken])
    #expect(verdicts == Array(repeating: .malformed, count: 5) + [.valid])
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("every spelling of a good token but its own is MALFORMED or FORGED")
  func spellings() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    let good = try rig.issue(app).accessToken
    var variants: [[UInt8]] = []
    for index in good.indices {
      for replacement in [UInt8(ascii: "0"), UInt8(ascii: "z"), UInt8(ascii: "_"), 0, 0xFF]
      where good[index] != replacement {
        var variant = good
        variant[index] = replacement
        variants.append(variant)
      }
    }
    variants += [good + [0x20], [0x20] + good, good + good, Array(good.dropLast()), good + [0]]
    for start in stride(from: 0, to: variants.count, by: 512) {
      let batch = Array(variants[start..<min(start + 512, variants.count)])
      let verdicts = try rig.verdicts(ValidateRequest(form: .verdict, tokens: batch))
      for (variant, verdict) in zip(batch, verdicts) {
        let isRefused = verdict == .malformed || verdict == .forged
        #expect(isRefused, "\(String(decoding: variant, as: UTF8.self))")
      }
    }
    #expect(try rig.verdicts(ValidateRequest(form: .verdict, tokens: [good])) == [.valid])
  }

  @Test("a token whose position is not released yet is UNKNOWN, and VALID from then on")
  func unreleased() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    rig.releases = false
    let token = try rig.issue(app).accessToken
    let request = ValidateRequest(form: .identity, tokens: [token])
    #expect(try rig.verdicts(request) == [.unknown])
    rig.release()
    #expect(try rig.verdicts(request) == [.valid])
  }

  @Test("a denial works before its position is released")
  func unreleasedDenial() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    let token = try rig.issue(app).accessToken
    rig.releases = false
    try rig.call(RevokeRequest(subject: token))
    let verdicts = try rig.verdicts(ValidateRequest(form: .verdict, tokens: [token]))
    #expect(verdicts == [.revoked])
  }

  @Test("a token of a retired key is FORGED, of a rotated one VALID")
  func keys() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    let token = try rig.issue(app).accessToken
    let request = ValidateRequest(form: .verdict, tokens: [token])
    try rig.call(KeysRotateRequest())
    #expect(try rig.verdicts(request) == [.valid])
    try rig.call(KeysRetireRequest(keyId: 0, force: true))
    #expect(try rig.verdicts(request) == [.forged])
  }

  @Test("a record that was reclaimed leaves UNKNOWN")
  func reclaimed() throws {
    let rig = try ValidationRig()
    let app = try rig.register()
    let token = try rig.issue(app).accessToken
    try rig.call(RevokeRequest(subject: token))
    let request = ValidateRequest(form: .verdict, tokens: [token])
    #expect(try rig.verdicts(request) == [.revoked])
    var rounds = 0
    while try rig.verdicts(request) == [.revoked], rounds < 20_000 {
      _ = try rig.issue(app, lifetimeSeconds: 60, agoSeconds: 3_600, mayReclaim: true)
      rounds += 1
    }
    #expect(try rig.verdicts(request) == [.unknown], "after \(rounds) more tokens")
  }
}
