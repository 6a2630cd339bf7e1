/// The sixteen bytes before every body:
/// `u32 length · u8 version · u8 flags · u16 opcode · u32 requestId · u16 status · u16 reserved`.
/// Reading and judging are two steps, so that an error frame can echo what was read.
public struct FrameHeader: Hashable, Sendable {
  /// Bytes after the header.
  public var length: UInt32
  public var version: UInt8
  public var flags: UInt8
  /// Raw operation number; `Opcode(rawValue:)` knows those of this version.
  public var opcode: UInt16
  /// Chosen by the client, 1 or more; 0 is reserved for frames that the server starts.
  public var requestId: UInt32
  /// `Status` of a reply, 0 in a request.
  public var status: UInt16
  public var reserved: UInt16

  /// Flag bit: this frame is a reply.
  public static let replyFlag: UInt8 = 1

  @inlinable
  public init(
    length: UInt32 = 0, version: UInt8 = 1, flags: UInt8 = 0, opcode: UInt16,
    requestId: UInt32, status: UInt16 = 0, reserved: UInt16 = 0
  ) {
    self.length = length
    self.version = version
    self.flags = flags
    self.opcode = opcode
    self.requestId = requestId
    self.status = status
    self.reserved = reserved
  }

  /// The header of a request; the writer fills in the length.
  public static func request(_ opcode: Opcode, requestId: UInt32) -> FrameHeader {
    FrameHeader(opcode: opcode.rawValue, requestId: requestId)
  }

  /// The header of a reply; the opcode is raw, because errors echo numbers nobody knows.
  @inlinable
  public static func reply(
    opcode: UInt16, requestId: UInt32, status: UInt16 = 0
  ) -> FrameHeader {
    FrameHeader(flags: replyFlag, opcode: opcode, requestId: requestId, status: status)
  }

  /// Decodes the sixteen bytes at `offset` without judging them.
  /// Precondition: `bytes` holds sixteen bytes from there on.
  public init(reading bytes: RawSpan, at offset: Int = 0) {
    // The span checks every load against its bounds; "unaligned" is all that is asked of it.
    let words = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let tail = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
    let first = UInt64(littleEndian: words)
    let second = UInt64(littleEndian: tail)
    length = UInt32(truncatingIfNeeded: first)
    version = UInt8(truncatingIfNeeded: first >> 32)
    flags = UInt8(truncatingIfNeeded: first >> 40)
    opcode = UInt16(truncatingIfNeeded: first >> 48)
    requestId = UInt32(truncatingIfNeeded: second)
    status = UInt16(truncatingIfNeeded: second >> 32)
    reserved = UInt16(truncatingIfNeeded: second >> 48)
  }

  /// The first and the last eight bytes, read little-endian.
  var firstWord: UInt64 {
    UInt64(length) | UInt64(version) << 32 | UInt64(flags) << 40 | UInt64(opcode) << 48
  }
  var secondWord: UInt64 {
    UInt64(requestId) | UInt64(status) << 32 | UInt64(reserved) << 48
  }

  /// What makes this header unfit for a request, or nil. `version` nil (before HELLO) accepts any
  /// version byte: HELLO itself negotiates. The length is judged last, so that a header that is
  /// garbage is called MALFORMED and not FRAME_TOO_LARGE.
  public func requestFault(version expected: UInt8?, maxFrame: Int) -> WireFault? {
    if let expected, version != expected { return WireFault(.invalidHeader, "version") }
    if flags != 0 { return WireFault(.invalidHeader, "flags") }
    if opcode >= Opcode.firstPush { return WireFault(.invalidHeader, "opcode") }
    if requestId == 0 { return WireFault(.invalidHeader, "requestId") }
    if status != 0 { return WireFault(.invalidHeader, "status") }
    if reserved != 0 { return WireFault(.invalidHeader, "reserved") }
    if Int(length) > maxFrame { return WireFault(.frameTooLarge, "length") }
    return nil
  }

  /// What makes this header unfit for a frame from the server, or nil. Request id 0 and reserved
  /// opcodes pass: a last error frame echoes them, and later versions push with them.
  public func replyFault(version expected: UInt8?, maxFrame: Int) -> WireFault? {
    if let expected, version != expected { return WireFault(.invalidHeader, "version") }
    if flags != FrameHeader.replyFlag { return WireFault(.invalidHeader, "flags") }
    if reserved != 0 { return WireFault(.invalidHeader, "reserved") }
    if Int(length) > maxFrame { return WireFault(.frameTooLarge, "length") }
    return nil
  }
}
