import Testing

@testable import TokenWire

@Suite struct WireLimitsTests {
  typealias Limits = WireLimits

  @Test func frameLimitsAreOrdered() {
    #expect(Limits.frameBytesMin <= Limits.frameBytesDefault)
    #expect(Limits.frameBytesDefault <= Limits.frameBytesMax)
    #expect(Limits.helloBodyBytes <= Limits.frameBytesMin)
    #expect(Limits.inFlightDefault <= Limits.inFlightMax)
    #expect(Limits.inFlightMax <= Int(UInt16.max))
  }

  @Test func listsAndBiggestValuesFitAFrame() {
    #expect(Limits.listReplyBytes < Limits.frameBytesDefault)
    #expect(Limits.pingEchoBytes + 2 <= Limits.fieldBytesStructural)
    // A verdict reply to the largest VALIDATE, and the request with tokens of 57 characters.
    let reply = 3 + Limits.validateTokens * Limits.verdictBytes
    let request = 16 + Limits.scopeBytes + Limits.audienceBytes + Limits.validateTokens * 59
    #expect(reply <= Limits.frameBytesDefault)
    #expect(request <= Limits.frameBytesDefault)
    // An app with everything at its limit is one group of a list reply.
    let app =
      26 + Limits.userIdBytes + Limits.nameBytes + Limits.descriptionBytes + Limits.homepageBytes
      + Limits.iconUrlBytes + Limits.callbacksTotalBytes + Limits.audiencesTotalBytes
      + Limits.scopeBytes + 2 * (Limits.callbacks + Limits.audiences) + 64
    #expect(app * 2 < Limits.listReplyBytes)
  }

  @Test func structuralCountsLeaveRoomForTheRules() {
    #expect(Limits.callbacks < Limits.callbacksStructural)
    #expect(Limits.audiences < Limits.audiencesStructural)
    #expect(Limits.issueTokens >= Limits.issueItems)
    #expect(Limits.codeVerifierBytesMin == Limits.codeChallengeBytes)
    #expect(Limits.codeVerifierBytesMin <= Limits.codeVerifierBytesMax)
    #expect(Limits.callbacks * Limits.callbackBytes >= Limits.callbacksTotalBytes)
    #expect(Limits.redirectUriBytes == Limits.callbackBytes)
    #expect(Limits.ticketBytes <= Limits.fieldBytesStructural)
  }
}
