import Testing

@testable import TokenWire

/// Scans an array; the span does not outlive the call.
private func scan(_ bytes: [UInt8], _ reader: FrameReader, from offset: Int = 0) -> FrameReader.Scan
{
  let span = unsafe bytes.span.bytes
  return reader.scan(span, from: offset)
}

private func encoded(_ header: FrameHeader, body: [UInt8] = []) -> [UInt8] {
  var writer = WireWriter()
  let mark = writer.beginFrame(header)
  for byte in body { writer.u8(byte) }
  _ = try? writer.endFrame(mark)
  return writer.contents
}

@Suite struct FrameReaderTests {
  let server = FrameReader(.requests, version: 1, maxFrame: 65_536)
  let client = FrameReader(.replies, version: 1, maxFrame: 65_536)

  @Test func theHeaderHasTheContractsLayout() {
    let header = FrameHeader(
      length: 0x0403_0201, version: 5, flags: 6, opcode: 0x0807, requestId: 0x0C0B_0A09,
      status: 0x0E0D, reserved: 0x100F)
    let bytes = (1...16).map { UInt8($0) }
    let span = unsafe bytes.span.bytes
    #expect(FrameHeader(reading: span) == header)
    #expect(
      encoded(FrameHeader(opcode: 0x10, requestId: 7), body: [9]) == [
        1, 0, 0, 0, 1, 0, 0x10, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9,
      ])
  }

  @Test func framesOfABufferAreFoundOneAfterTheOther() throws {
    var writer = WireWriter()
    for id in 1...3 as ClosedRange<UInt32> {
      try writer.request(PingRequest(echo: [UInt8(id)]), requestId: id)
    }
    let bytes = writer.contents
    var offset = 0
    for id in 1...3 as ClosedRange<UInt32> {
      guard case .frame(let header, let body) = scan(bytes, server, from: offset) else {
        Issue.record("frame \(id) not found")
        return
      }
      #expect(header.requestId == id && header.opcode == Opcode.ping.rawValue)
      #expect(Array(bytes[body]) == [1, 0, UInt8(id)])
      offset = body.upperBound
    }
    #expect(scan(bytes, server, from: offset) == .needsMore(bytes: 16))
  }

  @Test func everyCutOfAFrameNeedsMore() {
    let bytes = encoded(.request(.ping, requestId: 1), body: [1, 0, 7])
    for cut in 0..<bytes.count {
      let expected = FrameReader.Scan.needsMore(bytes: cut < 16 ? 16 : 19)
      #expect(scan(Array(bytes[..<cut]), server) == expected)
    }
  }

  @Test(arguments: [
    ("version", FrameHeader(version: 0, opcode: 2, requestId: 1)),
    ("version", FrameHeader(version: 2, opcode: 2, requestId: 1)),
    ("flags", FrameHeader(flags: 1, opcode: 2, requestId: 1)),
    ("flags", FrameHeader(flags: 0x80, opcode: 2, requestId: 1)),
    ("opcode", FrameHeader(opcode: 0xF000, requestId: 1)),
    ("opcode", FrameHeader(opcode: 0xFFFF, requestId: 1)),
    ("requestId", FrameHeader(opcode: 2, requestId: 0)),
    ("status", FrameHeader(opcode: 2, requestId: 1, status: 1)),
    ("reserved", FrameHeader(opcode: 2, requestId: 1, reserved: 0x100)),
  ])
  func aRequestHeaderThatBreaksARuleIsMalformed(field: String, header: FrameHeader) {
    let fault = WireFault(.invalidHeader, field)
    #expect(scan(encoded(header), server) == .fault(fault, header))
    #expect(fault.status == .malformed)
  }

  @Test(arguments: [
    ("version", FrameHeader(version: 2, flags: 1, opcode: 2, requestId: 1)),
    ("flags", FrameHeader(flags: 0, opcode: 2, requestId: 1)),
    ("flags", FrameHeader(flags: 3, opcode: 2, requestId: 1)),
    ("reserved", FrameHeader(flags: 1, opcode: 2, requestId: 1, reserved: 1)),
  ])
  func aReplyHeaderThatBreaksARuleIsAFault(field: String, header: FrameHeader) {
    #expect(scan(encoded(header), client) == .fault(WireFault(.invalidHeader, field), header))
  }

  @Test func anErrorFrameMayEchoAnyRequestIdAndOpcode() {
    let header = FrameHeader.reply(opcode: 0xFFFF, requestId: 0, status: 1)
    #expect(scan(encoded(header), client) == .frame(header, body: 16..<16))
  }

  @Test func theVersionByteIsNotJudgedBeforeHello() {
    let reader = FrameReader(.requests, version: nil, maxFrame: WireLimits.helloBodyBytes)
    let header = FrameHeader(version: 9, opcode: 1, requestId: 1)
    #expect(scan(encoded(header), reader) == .frame(header, body: 16..<16))
  }

  /// The header alone decides: nobody waits or allocates for a length that will be refused.
  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 0xFFFF_FFFF] as [UInt32])
  func aLengthAboveTheLimitIsRefusedAtTheHeader(length: UInt32) {
    var header = FrameHeader.request(.ping, requestId: 3)
    header.length = length
    var bytes = encoded(header)
    for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index))) }
    let expected: FrameReader.Scan =
      switch length {
      case 0: .frame(header, body: 16..<16)
      case 65_537...: .fault(WireFault(.frameTooLarge, "length"), header)
      default: .needsMore(bytes: 16 + Int(length))
      }
    #expect(scan(bytes, server) == expected)
    #expect(WireFault(.frameTooLarge, "length").status == .frameTooLarge)
  }

  @Test func everySingleByteOfAHeaderMayBeAnything() {
    let bytes = encoded(.request(.ping, requestId: 1), body: [1, 0, 7])
    for offset in 0..<16 {
      for value in 0...255 as ClosedRange<UInt8> {
        var damaged = bytes
        damaged[offset] = value
        _ = scan(damaged, server)
        _ = scan(damaged, client)
      }
    }
  }
}
