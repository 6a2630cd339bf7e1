import Testing

@testable import TokenWire

@Suite struct VerdictTests {
  @Test func onlyValidLetsPass() {
    for verdict in Verdict.allCases {
      #expect((verdict.httpStatus == 200) == (verdict == .valid))
    }
    #expect(Verdict.allCases.map(\.rawValue) == Array(0...9))
  }

  @Test func gatewayAnswersFollowTheTable() {
    #expect(Verdict.missing.httpStatus == 401 && Verdict.missing.oauthError == nil)
    for verdict in [.malformed, .forged, .expired, .revoked, .unknown, .wrongAudience] as [Verdict]
    {
      #expect(verdict.httpStatus == 401 && verdict.oauthError == "invalid_token")
    }
    #expect(Verdict.insufficientScope.httpStatus == 403)
    #expect(Verdict.insufficientScope.oauthError == "insufficient_scope")
    #expect(Verdict.providerOff.httpStatus == 503 && Verdict.providerOff.wantsRetryAfter)
    #expect(Verdict.allCases.count(where: \.wantsRetryAfter) == 1)
  }
}
