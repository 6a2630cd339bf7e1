import TestSupport
import Testing

@testable import TokenWire

/// What a run holds, with nothing borrowed.
private struct Found: Equatable {
  var count: Int
  var bytes: Int
  var requestIds: [UInt32] = []
  var bodies: [[UInt8]] = []
}

private func found(
  _ bytes: [UInt8], _ reader: FrameReader, from offset: Int = 0, atMost most: Int = .max
) -> Found {
  let run = unsafe reader.run(of: .validate, in: bytes.span.bytes, from: offset, atMost: most)
  var found = Found(count: run.count, bytes: run.bytes.byteCount)
  var place = 0
  while let request = run.request(at: place) {
    #expect(run.header(at: place).requestId == request.requestId)
    found.requestIds.append(request.requestId)
    found.bodies.append(
      unsafe run.bytes.extracting(request.body).withUnsafeBytes { unsafe [UInt8]($0) })
    place = request.body.upperBound
  }
  return found
}

private func bytes(_ header: FrameHeader, _ body: [UInt8]) -> [UInt8] {
  var header = header
  header.length = UInt32(body.count)
  var writer = WireWriter()
  writer.u64(header.firstWord)
  writer.u64(header.secondWord)
  return writer.contents + body
}

@Suite struct RequestRunTests {
  let reader = FrameReader(.requests, version: 1, maxFrame: 1_000)

  @Test func aRunEndsAtItsLimitAtAnotherOperationAndAtACut() {
    let header = FrameHeader(opcode: Opcode.validate.rawValue, requestId: 7)
    let one = bytes(header, [1, 2, 3])
    let empty = bytes(header, [])
    let ping = bytes(.request(.ping, requestId: 8), [0, 0])
    let all = Found(
      count: 3, bytes: 54, requestIds: [7, 7, 7], bodies: [[1, 2, 3], [], [1, 2, 3]])
    #expect(found(one + empty + one, reader) == all)
    #expect(found(one + empty + one + ping + one, reader) == all)
    #expect(found(ping + one + empty + one, reader, from: ping.count) == all)
    #expect(found(one + empty + one + one, reader, atMost: 3) == all)
    for cut in 0..<one.count {
      #expect(found(one + empty + one + one[..<cut], reader) == all, "\(cut) bytes more")
    }
    #expect(found(ping, reader).count == 0)
    #expect(found(one, FrameReader(.requests, version: nil, maxFrame: 1_000)).count == 0)
    #expect(found(one, FrameReader(.replies, version: 1, maxFrame: 1_000)).count == 0)
  }

  @Test func aRunHoldsExactlyWhatScanFinds() {
    let seed: UInt64 = 0x5167_4E37_0011
    var random = SplitMix64(seed: seed)
    for round in 0..<4_000 {
      var stream: [UInt8] = []
      for _ in 0..<random.pick([1, 2, 5]) {
        var header = FrameHeader(opcode: Opcode.validate.rawValue, requestId: 3)
        switch random.pick(Array(0..<24)) {
        case 0: header.version = 2
        case 1: header.flags = random.pick([1, 0x80])
        case 2: header.opcode = random.pick([0x11, 2, 0xF000])
        case 3: header.requestId = 0
        case 4: header.status = random.pick([1, 0x100])
        case 5: header.reserved = random.pick([1, 0x8000])
        default: header.requestId = random.pick([1, 9, .max])
        }
        let length = random.pick([0, 1, 59, 1_000, 1_001])
        stream += bytes(header, [UInt8](repeating: 5, count: length))
      }
      stream = Array(stream.prefix(stream.count - random.pick([0, 0, 1, 16])))
      var expected = Found(count: 0, bytes: 0)
      while case .frame(let header, let body) = unsafe reader.scan(
        stream.span.bytes, from: expected.bytes),
        header.opcode == Opcode.validate.rawValue
      {
        expected.count += 1
        expected.bytes = body.upperBound
        expected.requestIds.append(header.requestId)
        expected.bodies.append(Array(stream[body]))
      }
      #expect(found(stream, reader) == expected, "seed \(seed), round \(round)")
    }
  }
}
