extension WireWriter {
  /// Where a frame began, for `endFrame`.
  public struct FrameMark: Sendable {
    let offset: Int
  }

  /// Begins a frame: sixteen header bytes, the length patched by `endFrame`. Frames do not nest.
  public mutating func beginFrame(_ header: FrameHeader) -> FrameMark {
    let mark = FrameMark(offset: count)
    u64(header.firstWord & ~0xFFFF_FFFF)
    u64(header.secondWord)
    return mark
  }

  /// Bytes of the body so far.
  public func bodyBytes(since mark: FrameMark) -> Int {
    count - mark.offset - WireLimits.headerBytes
  }

  /// Ends the frame. Throws, with the frame removed again and earlier ones untouched, when a field
  /// did not fit its length prefix or the body is above `maxFrame` bytes.
  public mutating func endFrame(
    _ mark: FrameMark, maxFrame: Int = WireLimits.frameBytesMax
  ) throws(WireFault) {
    let length = bodyBytes(since: mark)
    guard fault == nil, length <= maxFrame else {
      truncate(to: mark.offset)
      throw takeFault() ?? WireFault(.frameTooLarge, "length")
    }
    patch32(at: mark.offset, UInt32(truncatingIfNeeded: length))
  }

  /// Appends a whole request frame.
  public mutating func request<M: RequestMessage>(
    _ message: M, requestId: UInt32, maxFrame: Int = WireLimits.frameBytesMax
  ) throws(WireFault) {
    let mark = beginFrame(.request(M.opcode, requestId: requestId))
    message.write(to: &self)
    try endFrame(mark, maxFrame: maxFrame)
  }

  /// Appends a whole success reply.
  public mutating func reply(
    _ message: some ReplyMessage, opcode: Opcode, requestId: UInt32,
    maxFrame: Int = WireLimits.frameBytesMax
  ) throws(WireFault) {
    let mark = beginFrame(.reply(opcode: opcode.rawValue, requestId: requestId))
    message.write(to: &self)
    try endFrame(mark, maxFrame: maxFrame)
  }

  /// Appends a whole error reply. The opcode is raw: an error echoes what was read. Texts of the
  /// body are cut so that an error always fits the smallest frame limit.
  public mutating func error(
    _ status: Status, _ body: ErrorBody, opcode: UInt16, requestId: UInt32
  ) {
    let header = FrameHeader.reply(
      opcode: opcode, requestId: requestId, status: status.rawValue)
    let mark = beginFrame(header)
    body.cut().write(to: &self)
    let length = bodyBytes(since: mark)
    precondition(length <= WireLimits.frameBytesMin, "an error body is always small")
    patch32(at: mark.offset, UInt32(truncatingIfNeeded: length))
  }
}
