import Testing

@testable import TokenWire

@Suite struct OpcodeTests {
  @Test func namesAreUniqueAndUpperCase() {
    let names = Opcode.allCases.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.utf8.allSatisfy { (65...90).contains($0) || $0 == 95 } })
    #expect(Opcode.allCases.allSatisfy { $0.rawValue < Opcode.firstPush })
    #expect(Opcode.allCases.count == 44)
  }

  @Test func mutationsAreLaneOperations() {
    for opcode in Opcode.allCases where opcode.isMutation { #expect(opcode.isLane) }
    let direct = Opcode.allCases.filter { !$0.isLane }
    #expect(direct == [.hello, .ping, .barrier, .validate])
    #expect(Opcode.allCases.count(where: \.isMutation) == 24)
  }

  @Test func connectionOperationsNeedNoRight() {
    for opcode in Opcode.allCases {
      let free = [.hello, .ping, .barrier].contains(opcode)
      #expect(opcode.isAllowed(with: []) == free, "\(opcode.name)")
      #expect(opcode.isAllowed(with: .all))
    }
  }

  @Test(arguments: RightSet.named.map(\.right.rawValue))
  func aRightOpensExactlyItsOperations(raw: UInt32) {
    let right = RightSet(rawValue: raw)
    let opened = Set(
      Opcode.allCases.filter { $0.isAllowed(with: right) && !$0.isAllowed(with: []) })
    switch right {
    case .validate: #expect(opened == [.validate, .introspect, .metadata])
    case .issue: #expect(opened == [.issue])
    case .frontAdmin: #expect(opened == [.settingsGet, .settingsSet])
    case .front:
      #expect(opened.count == 22)
      #expect(opened.isDisjoint(with: [.revoke, .issue, .settingsGet, .keysList, .introspect]))
    default:
      #expect(opened.count == 29)
      #expect(opened.isDisjoint(with: [.authorize, .exchange, .validate, .issue]))
    }
  }
}

@Suite struct RightSetTests {
  @Test func namesGoBothWays() {
    for (right, name) in RightSet.named {
      #expect(RightSet(name: Array(name.utf8)) == right)
      #expect(right.names == name)
    }
    #expect(RightSet(name: Array("Admin".utf8)) == nil)
    #expect(RightSet(name: Array("admi".utf8)) == nil)
    #expect(RightSet(name: []) == nil)
    #expect(RightSet.all.rawValue == 31)
    #expect(RightSet.all.names == "validate,front,front-admin,issue,admin")
    #expect(RightSet([]).names == "none")
  }
}

@Suite struct StatusTests {
  @Test func namesAreUnique() {
    #expect(Set(Status.allCases.map(\.name)).count == Status.allCases.count)
    #expect(Status.allCases.count == 15 + 11 + 16)
  }

  @Test func fatalAndRetriableAreThoseOfTheRegistry() {
    #expect(
      Status.allCases.filter(\.isFatal) == [
        .malformed, .version, .helloRequired, .frameTooLarge, .timeout, .tooManyConnections,
      ])
    #expect(
      Status.allCases.filter(\.isRetriable) == [
        .busy, .draining, .notCaughtUp, .diskFull, .timeout, .tooManyConnections, .rateLimited,
      ])
    #expect(Status.ok.fixer == .nobody)
    #expect(Status.denied.fixer == .operator)
    #expect(Status.malformed.fixer == .clientAuthor)
  }

  @Test func standardErrorsAreTheLowerCaseOfTheirNames() {
    for status in Status.allCases where status.rawValue >> 8 == 1 {
      #expect(status.oauthError == status.name.lowercased())
    }
    #expect(Status.busy.oauthError == "temporarily_unavailable")
    #expect(Status.providerOff.oauthError == "temporarily_unavailable")
    #expect(Status.notFound.oauthError == nil)
  }
}

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
