/// Whole requests of one operation that lie one behind the other in what was read from a
/// connection, so that one call can answer them together. Their headers are known to be faultless;
/// their bodies are not looked at yet.
///
/// Borrows the bytes it was found in and cannot outlive them. Costs nothing to make or to walk.
public struct RequestRun: ~Escapable {
  /// The frames, from the first header to the end of the last body.
  public let bytes: RawSpan
  /// Requests in the run.
  public let count: Int

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  /// One request of a run. Plain values: it holds no bytes.
  public struct Request: Sendable {
    public let requestId: UInt32
    /// Where its body lies in `bytes`; the next request begins at the end of it.
    public let body: Range<Int>
  }

  /// The request whose header begins at `offset`, nil at the end of the run. Offsets are 0 and the
  /// ends of the bodies.
  public func request(at offset: Int) -> Request? {
    guard offset < bytes.byteCount else { return nil }
    let header = FrameHeader(reading: bytes, at: offset)
    let start = offset + WireLimits.headerBytes
    return Request(requestId: header.requestId, body: start..<start + Int(header.length))
  }

  /// The header that begins at `offset`.
  public func header(at offset: Int) -> FrameHeader { FrameHeader(reading: bytes, at: offset) }
}

extension FrameReader {
  /// The whole, faultless requests for `opcode` that follow one another from `offset` on, `most` of
  /// them at most; none where `scan` would find anything else. Some ten instructions a frame.
  @_lifetime(copy bytes)
  public func run(
    of opcode: Opcode, in bytes: RawSpan, from offset: Int, atMost most: Int
  ) -> RequestRun {
    var end = offset
    var count = 0
    if side == .requests, let version {
      while count < most, bytes.byteCount - end >= WireLimits.headerBytes {
        let header = FrameHeader(reading: bytes, at: end)
        let total = WireLimits.headerBytes + Int(header.length)
        guard header.isPlainRequest(opcode, version: version), Int(header.length) <= maxFrame,
          bytes.byteCount - end >= total
        else { break }
        end += total
        count += 1
      }
    }
    return RequestRun(bytes.extracting(offset..<end), count: count)
  }
}

extension FrameHeader {
  /// Whether `requestFault` finds nothing but perhaps the length, and the operation is this one.
  @inline(__always)
  fileprivate func isPlainRequest(_ opcode: Opcode, version: UInt8) -> Bool {
    let upper = UInt64(version) << 32 | UInt64(opcode.rawValue) << 48
    return firstWord & ~0xFFFF_FFFF == upper && requestId != 0 && secondWord >> 32 == 0
  }
}
