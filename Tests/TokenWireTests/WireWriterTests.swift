import Testing

@testable import TokenWire

@Suite struct WireWriterTests {
  @Test func framesGatherInOneBuffer() throws {
    var writer = WireWriter(capacity: 64)
    for id in 1...200 as ClosedRange<UInt32> {
      try writer.reply(
        PingReply(echo: [UInt8](repeating: UInt8(id), count: Int(id))), opcode: .ping,
        requestId: id)
    }
    let bytes = writer.contents
    #expect(bytes.count == (1...200).reduce(0) { $0 + 18 + $1 })
    let reader = FrameReader(.replies, version: 1, maxFrame: 65_536)
    let span = unsafe bytes.span.bytes
    var offset = 0
    for id in 1...200 as ClosedRange<UInt32> {
      guard case .frame(let header, let body) = reader.scan(span, from: offset) else {
        Issue.record("frame \(id) is missing")
        return
      }
      #expect(header.requestId == id && header.flags == FrameHeader.replyFlag)
      let reply = try PingReply(body: Array(bytes[body]))
      #expect(reply.echo.count == Int(id) && reply.echo.allSatisfy { $0 == UInt8(id) })
      offset = body.upperBound
    }
    #expect(offset == bytes.count)
  }

  /// What the kernel takes piece by piece is what was appended meanwhile, in order.
  @Test func sendingAndAppendingMayInterleave() throws {
    var random = WireRandom(seed: 5)
    var writer = WireWriter(capacity: 64)
    var appended: [UInt8] = []
    var sent: [UInt8] = []
    for _ in 0..<500 {
      for _ in 0..<random.below(40) {
        let byte = random.u8()
        writer.u8(byte)
        appended.append(byte)
      }
      let taken = random.below(min(writer.count, 50) + 1)
      sent += writer.contents[..<taken]
      writer.removeFirst(taken)
      #expect(writer.count == appended.count - sent.count)
    }
    sent += writer.contents
    #expect(sent == appended)
    #expect(writer.allocatedBytes <= 4 * max(64, appended.count - sent.count + 4_096))
  }

  @Test func aBufferThatIsDrainedAgainAndAgainDoesNotGrow() {
    var writer = WireWriter(capacity: 128)
    for _ in 0..<1_000 {
      for _ in 0..<100 { writer.u8(1) }
      writer.removeFirst(90)
      writer.removeFirst(10)
    }
    #expect(writer.count == 0 && writer.allocatedBytes == 128)
  }

  @Test func aFrameAboveTheLimitIsRemovedAndEarlierOnesStay() throws {
    var writer = WireWriter()
    try writer.request(PingRequest(echo: [1]), requestId: 1)
    let before = writer.contents
    #expect(throws: WireFault(.frameTooLarge, "length")) {
      try writer.request(
        IntrospectRequest(token: [UInt8](repeating: 0x61, count: 1_023)), requestId: 2,
        maxFrame: 1_024)
    }
    #expect(writer.contents == before)
    try writer.request(
      IntrospectRequest(token: [UInt8](repeating: 0x61, count: 1_022)), requestId: 2,
      maxFrame: 1_024)
    #expect(writer.count == before.count + 16 + 1_024)
  }

  @Test func aFieldTooLongForItsPrefixIsAFaultAndNotACutText() throws {
    var writer = WireWriter()
    let long = [UInt8](repeating: 0x61, count: 65_536)
    #expect(throws: WireFault(.lengthAboveLimit, "token")) {
      try writer.request(IntrospectRequest(token: long), requestId: 1)
    }
    #expect(writer.count == 0 && writer.fault == nil)
    #expect(throws: WireFault(.lengthAboveLimit, "token")) {
      _ = try IntrospectRequest(token: long).encodedBody()
    }
    try writer.request(IntrospectRequest(token: Array(long.dropLast())), requestId: 1)
    #expect(writer.count == 16 + 65_537)
  }

  @Test func aGroupTooLargeForItsPrefixIsAFault() {
    let half = [UInt8](repeating: 0x61, count: 40_000)
    let auth = ClientAuth(clientId: half, clientSecret: half, method: .body)
    #expect(throws: WireFault(.lengthAboveLimit, "client")) {
      _ = try ClientIntrospectRequest(client: auth, token: []).encodedBody()
    }
  }

  @Test func aListOfMoreElementsThanItsCountCanSayIsAFault() {
    let many = [[UInt8]](repeating: [], count: 65_536)
    let request = ValidateRequest(form: .verdict, tokens: many)
    #expect(throws: WireFault(.countOutsideLimits, "tokens")) { _ = try request.encodedBody() }
  }

  @Test func aListMayBeCountedAtItsEnd() throws {
    var writer = WireWriter()
    writer.u64(5)
    writer.u64(0)
    let mark = writer.beginList("stats")
    var written = 0
    while writer.bytes(since: mark) < 100 {
      writer.group(StatEntry(name: Array("s".utf8), value: UInt64(written)), "stats")
      written += 1
    }
    writer.endList(mark, count: written)
    let body = Array(writer.contents[16...])
    let list = try reading(body) { reader throws(WireFault) in
      try reader.list(StatEntry.self, "stats")
    }
    #expect(list.map(\.value) == (0..<UInt64(written)).map { $0 })
  }

  @Test func resetGivesLargeAllocationsBack() {
    var writer = WireWriter(capacity: 64)
    for _ in 0..<10_000 { writer.u64(0) }
    writer.reset(keeping: 4_096)
    #expect(writer.count == 0 && writer.allocatedBytes == 4_096)
    writer.u8(1)
    #expect(writer.contents == [1])
  }
}

@Suite struct ErrorFrameTests {
  @Test func anErrorFrameEchoesWhatWasReadAndSaysWhatIsWrong() throws {
    var writer = WireWriter()
    let fault = WireFault(.invalidBool, "acting.systemAdmin")
    writer.error(fault.status, ErrorBody(fault), opcode: 0xFFEE, requestId: 0)
    let bytes = writer.contents
    let span = unsafe bytes.span.bytes
    let header = FrameHeader(reading: span)
    #expect(header.opcode == 0xFFEE && header.requestId == 0 && header.status == 1)
    #expect(header.flags == 1 && Int(header.length) == bytes.count - 16)
    let body = try ErrorBody(body: Array(bytes[16...]))
    #expect(body.field == Array("acting.systemAdmin".utf8))
    #expect(body.oauthError == Array("invalid_request".utf8))
    #expect(body.message == Array("acting.systemAdmin: a bool is 0 or 1".utf8))
  }

  @Test func longTextsAreCutBetweenScalarsSoThatAnErrorAlwaysFits() throws {
    for shift in 0..<4 {
      var writer = WireWriter()
      let text = Array(
        (String(repeating: "a", count: shift) + String(repeating: "𝛑", count: 900)).utf8)
      writer.error(
        .invalidField, ErrorBody(field: text, message: text, oauthError: text), opcode: 2,
        requestId: 1)
      #expect(writer.count <= 16 + WireLimits.frameBytesMin)
      let body = try ErrorBody(body: Array(writer.contents[16...]))
      #expect(body.message.count > 790 && text.starts(with: body.message))
      #expect(body.field.count > 60 && text.starts(with: body.field))
    }
  }

  @Test func everyFaultHasASentence() {
    for kind in WireFault.Kind.allCases {
      let fault = WireFault(kind, "name")
      #expect(!fault.message.isEmpty)
      #expect(fault.status == (kind == .frameTooLarge ? .frameTooLarge : .malformed))
      #expect(ErrorBody(fault).message.count < 200)
    }
  }
}

@Suite struct Bytes16Tests {
  @Test func bytesAndWordsAgree() {
    let bytes = (1...16).map { UInt8($0) }
    let value = Bytes16(bytes)
    #expect(value?.word0 == 0x0807_0605_0403_0201 && value?.word1 == 0x100F_0E0D_0C0B_0A09)
    #expect(value?.bytes == bytes)
    #expect(Bytes16(Array(bytes.dropLast())) == nil && Bytes16(bytes + [0]) == nil)
    #expect(Bytes16.zero.isZero && value?.isZero == false)
    #expect(!Bytes16(word0: 0, word1: 1).isZero)
  }
}
