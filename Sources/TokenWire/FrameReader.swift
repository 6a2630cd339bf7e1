/// Finds frames in a byte stream. Pure: it looks at bytes that somebody else buffered and copies
/// none; the caller drops `header.length + 16` bytes after each frame.
public struct FrameReader: Sendable {
  /// What the peer sends; the header rules differ (flags, request id, status).
  public enum Side: Sendable {
    /// Frames are requests (the server reads).
    case requests
    /// Frames are replies (a client reads).
    case replies
  }

  /// What the buffer holds from an offset on.
  public enum Scan: Equatable, Sendable {
    /// A whole frame: its header and where its body lies in the buffer. The next frame begins at
    /// `body.upperBound`.
    case frame(FrameHeader, body: Range<Int>)
    /// Not a whole frame yet. `bytes` is how many the frame needs in total as far as is known: 16
    /// until the header is there.
    case needsMore(bytes: Int)
    /// The header breaks the format: send the last error frame, echoing this header, and close.
    case fault(WireFault, FrameHeader)
  }

  public var side: Side
  /// Version that every header has to name; nil before HELLO has agreed on one.
  public var version: UInt8?
  /// Largest `length` accepted, in bytes.
  public var maxFrame: Int

  public init(_ side: Side, version: UInt8?, maxFrame: Int) {
    self.side = side
    self.version = version
    self.maxFrame = maxFrame
  }

  /// Looks at `bytes` from `offset` on. A header is judged as soon as its sixteen bytes are
  /// there, so a hostile length never makes anybody wait or allocate. Constant cost.
  public func scan(_ bytes: RawSpan, from offset: Int = 0) -> Scan {
    let available = bytes.byteCount - offset
    guard available >= WireLimits.headerBytes else {
      return .needsMore(bytes: WireLimits.headerBytes)
    }
    let header = FrameHeader(reading: bytes, at: offset)
    let fault =
      switch side {
      case .requests: header.requestFault(version: version, maxFrame: maxFrame)
      case .replies: header.replyFault(version: version, maxFrame: maxFrame)
      }
    if let fault { return .fault(fault, header) }
    let total = WireLimits.headerBytes + Int(header.length)
    guard available >= total else { return .needsMore(bytes: total) }
    return .frame(header, body: offset + WireLimits.headerBytes..<offset + total)
  }
}
