import Testing

@testable import TokenWire

/// The registries of this module against the machine-readable schema beside the prose.
@Suite struct SchemaTests {
  private let schema: JSONValue?

  init() throws { schema = try JSONValue.file("proto-spec/schema.json") }

  @Test func operationsAgree() {
    guard let operations = schema?["operations"]?.elements else { return }
    #expect(operations.count == Opcode.allCases.count)
    for entry in operations {
      let name = entry["name"]?.string ?? "?"
      let opcode = Opcode(rawValue: UInt16(entry["opcode"]?.int ?? 0))
      #expect(opcode?.name == name)
      #expect(opcode?.isMutation == entry["mutation"]?.isTrue, "\(name)")
      var rights: RightSet = []
      for right in entry["rights"]?.elements ?? [] {
        rights.formUnion(RightSet(name: Array((right.string ?? "").utf8)) ?? [])
      }
      #expect(opcode?.requiredRights == rights, "\(name)")
    }
  }

  @Test func statusesAgree() {
    guard let statuses = schema?["statuses"]?.elements else { return }
    #expect(statuses.count == Status.allCases.count)
    for entry in statuses {
      let name = entry["name"]?.string ?? "?"
      let status = Status(rawValue: UInt16(entry["code"]?.int ?? -1))
      #expect(status?.name == name)
      #expect(status?.isFatal == entry["fatal"]?.isTrue, "\(name)")
      #expect(status?.isRetriable == entry["retriable"]?.isTrue, "\(name)")
      #expect(status?.fixer.rawValue == entry["who"]?.string, "\(name)")
      #expect(status?.oauthError ?? "" == entry["oauth"]?.string, "\(name)")
    }
  }

  @Test func verdictsAgree() {
    guard let verdicts = schema?["verdicts"]?.elements else { return }
    #expect(verdicts.count == Verdict.allCases.count)
    for entry in verdicts {
      let name = entry["name"]?.string ?? "?"
      let verdict = Verdict(rawValue: UInt8(entry["code"]?.int ?? 255))
      #expect(verdict?.name == name)
      #expect(verdict?.httpStatus == entry["http"]?.int, "\(name)")
      #expect(verdict?.oauthError ?? "" == entry["error"]?.string, "\(name)")
      #expect(verdict?.wantsRetryAfter == entry["retryAfter"]?.isTrue, "\(name)")
    }
  }

  @Test func rightsAgree() {
    guard let rights = schema?["rights"]?.elements else { return }
    #expect(rights.map { $0["name"]?.string } == RightSet.named.map { $0.name })
    #expect(rights.map { $0["bit"]?.int } == RightSet.named.map { Int($0.right.rawValue) })
  }

  @Test(arguments: [
    ("maxFrame", WireLimits.frameBytesMax), ("helloBody", WireLimits.helloBodyBytes),
    ("clientName", WireLimits.clientNameBytes), ("maxInFlight", WireLimits.inFlightMax),
    ("pingEcho", WireLimits.pingEchoBytes), ("tokensPerValidate", WireLimits.validateTokens),
    ("issueItems", WireLimits.issueItems), ("issueTokens", WireLimits.issueTokens),
    ("listBytes", WireLimits.listReplyBytes), ("ticket", WireLimits.ticketBytes),
    ("backupName", WireLimits.backupNameBytes), ("userId", WireLimits.userIdBytes),
    ("clientId", WireLimits.clientIdBytes), ("appName", WireLimits.nameScalars),
    ("appNameBytes", WireLimits.nameBytes), ("description", WireLimits.descriptionScalars),
    ("descriptionBytes", WireLimits.descriptionBytes), ("homepage", WireLimits.homepageBytes),
    ("iconUrl", WireLimits.iconUrlBytes), ("callbacks", WireLimits.callbacks),
    ("callback", WireLimits.callbackBytes), ("callbackBytes", WireLimits.callbacksTotalBytes),
    ("redirectUri", WireLimits.redirectUriBytes), ("state", WireLimits.stateBytes),
    ("scope", WireLimits.scopeBytes), ("scopes", WireLimits.scopeTokens),
    ("codeChallenge", WireLimits.codeChallengeBytes),
    ("codeVerifier", WireLimits.codeVerifierBytesMax), ("audience", WireLimits.audienceBytes),
    ("audiences", WireLimits.audiences), ("audiencesBytes", WireLimits.audiencesTotalBytes),
    ("issuer", WireLimits.issuerBytes), ("allowlistGlobs", WireLimits.allowlistGlobs),
    ("allowlistBytes", WireLimits.allowlistBytes), ("keyIds", WireLimits.keys),
  ])
  func limitsAgree(name: String, limit: Int) {
    guard let limits = schema?["limits"]?.elements else { return }
    let entry = limits.first { $0["name"]?.string == name }
    #expect(entry?["max"]?.int == limit)
  }
}
