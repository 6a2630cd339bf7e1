import Testing

@testable import TokenWire

@Suite struct ValidateRequestViewTests {
  /// Everything the view says, as the owned message.
  private func owned(_ body: [UInt8]) throws(WireFault) -> ValidateRequest {
    let span = unsafe body.span.bytes
    let view = try ValidateRequestView(span)
    var tokens: [[UInt8]] = []
    var cursor = view.tokens
    while let range = view.nextToken(&cursor) {
      #expect(view.bytes(range).byteCount == range.count)
      tokens.append(Array(body[range]))
    }
    #expect(tokens.count == view.tokenCount && cursor.left == 0)
    #expect(view.allowsAnyAudience == (view.flags == 1))
    return ValidateRequest(
      form: view.form, flags: view.flags, atLeastPosition: view.atLeastPosition,
      requiredScopes: Array(body[view.requiredScopes]), audience: Array(body[view.audience]),
      tokens: tokens)
  }

  @Test func theViewAndTheOwnedMessageAgree() throws {
    for seed in 0..<500 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      let request = ValidateRequest.arbitrary(&random)
      let body = try request.encodedBody()
      #expect(try owned(body) == request, "seed \(seed)")
      #expect(try owned(body + [1, 2, 3]) == request, "seed \(seed)")
    }
  }

  @Test func theViewRefusesExactlyWhatTheOwnedMessageRefuses() throws {
    for seed in 0..<3_000 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      var body = try ValidateRequest.arbitrary(&random).encodedBody()
      if random.bool() { body = Array(body[..<random.below(body.count)]) }
      for _ in 0..<random.below(3) where !body.isEmpty {
        body[random.below(body.count)] = random.element([0, 1, 2, 3, 0x80, 0xFF])
      }
      let mine = Result { () throws(WireFault) in try owned(body) }
      let theirs = Result { () throws(WireFault) in try ValidateRequest(body: body) }
      #expect(mine == theirs, "seed \(seed)")
    }
  }

  @Test(arguments: [0, 1, 2, 511, 512, 513, 65_535])
  func theNumberOfTokensIsBounded(count: Int) throws {
    let request = ValidateRequest(
      form: .verdict, tokens: [[UInt8]](repeating: [0x61], count: count))
    let body = try request.encodedBody()
    if (1...512).contains(count) {
      #expect(try owned(body) == request)
      #expect(try ValidateRequest(body: body) == request)
    } else {
      let fault = WireFault(.countOutsideLimits, "tokens")
      #expect(throws: fault) { try owned(body) }
      #expect(throws: fault) { try ValidateRequest(body: body) }
    }
  }

  @Test func emptyTokensAreTokens() throws {
    let request = ValidateRequest(form: .verdict, tokens: ["", "sga_x", ""])
    #expect(try owned(try request.encodedBody()) == request)
  }

  @Test func formsAndFlagsOutsideThisVersionAreFaults() throws {
    let body = try ValidateRequest(form: .identity, tokens: ["a"]).encodedBody()
    for value in 2...255 as ClosedRange<UInt8> {
      var damaged = body
      damaged[0] = value
      #expect(throws: WireFault(.invalidValue, "form")) { try owned(damaged) }
      damaged = body
      damaged[1] = value
      #expect(throws: WireFault(.invalidValue, "flags")) { try owned(damaged) }
    }
  }
}

@Suite struct ValidateReplyTests {
  @Test func elementsWrittenOneByOneAreTheReply() throws {
    var random = WireRandom(seed: 8)
    let elements = (0..<512).map { _ in
      VerdictElement(verdict: random.u8(), expiresInSeconds: random.u32())
    }
    var writer = WireWriter()
    writer.beginValidateReply(.verdict, count: 512)
    for element in elements {
      writer.verdict(element.verdict, expiresInSeconds: element.expiresInSeconds)
    }
    #expect(writer.count == 3 + 512 * 8)
    #expect(try ValidateReply(body: writer.contents) == .verdicts(elements))
  }

  @Test func aVerdictElementHasItsFixedLayout() throws {
    let reply = ValidateReply.verdicts([VerdictElement(verdict: 4, expiresInSeconds: 0x0403_0201)])
    #expect(try reply.encodedBody() == [0, 1, 0, 4, 0, 0, 0, 1, 2, 3, 4])
  }

  @Test func identitiesWrittenFromMemoryAreTheReply() throws {
    let text = Array("person client user other".utf8)
    var writer = WireWriter()
    writer.beginValidateReply(.identity, count: 3)
    unsafe text.withUnsafeBytes { bytes in
      unsafe writer.identity(
        valid: .user, overrides: Identity.iconOverride, expiresAt: 1 << 40,
        subject: UnsafeRawBufferPointer(rebasing: bytes[0..<6]),
        clientId: UnsafeRawBufferPointer(rebasing: bytes[7..<13]),
        scope: UnsafeRawBufferPointer(rebasing: bytes[14..<18]),
        audience: UnsafeRawBufferPointer(start: nil, count: 0))
    }
    writer.identity(refused: .revoked)
    unsafe text.withUnsafeBytes { bytes in
      unsafe writer.identity(
        valid: .client, overrides: 0, expiresAt: 9,
        subject: UnsafeRawBufferPointer(start: nil, count: 0), clientId: bytes,
        scope: bytes, audience: bytes)
    }
    let expected = ValidateReply.identities([
      Identity(
        verdict: 0, subjectKind: 1, overrides: 2, expiresAt: 1 << 40,
        subject: Array("person".utf8), clientId: Array("client".utf8), scope: Array("user".utf8)),
      Identity(verdict: Verdict.revoked.rawValue),
      Identity(
        verdict: 0, subjectKind: 2, expiresAt: 9, clientId: text, scope: text, audience: text),
    ])
    #expect(try ValidateReply(body: writer.contents) == expected)
    #expect(try expected.encodedBody() == writer.contents)
  }

  @Test func everyRefusalIsTheSameGroupButForItsVerdict() throws {
    for verdict in Verdict.allCases {
      var writer = WireWriter()
      writer.beginValidateReply(.identity, count: 1)
      writer.identity(refused: verdict)
      let expected = ValidateReply.identities([Identity(verdict: verdict.rawValue)])
      #expect(writer.contents == (try expected.encodedBody()))
    }
  }

  @Test func anUnknownFormIsAFault() {
    #expect(throws: WireFault(.invalidValue, "form")) { try ValidateReply(body: [2, 0, 0]) }
  }

  @Test func reservedBytesOfElementsAreIgnored() throws {
    let reply = try ValidateReply(body: [0, 1, 0, 5, 1, 2, 3, 0, 0, 0, 0])
    #expect(reply == .verdicts([VerdictElement(verdict: 5, expiresInSeconds: 0)]))
    #expect(reply.count == 1)
  }
}
