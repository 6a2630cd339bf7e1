/// One frame as bytes: sixteen header bytes and a body. Nothing is checked, so that a test can say
/// anything. Written apart from the product's codec.
public struct RawFrame: Equatable, Sendable {
  /// What the header says; nil = the length of the body.
  public var statedLength: UInt32?
  public var version: UInt8
  public var flags: UInt8
  public var opcode: UInt16
  public var requestId: UInt32
  public var status: UInt16
  public var reserved: UInt16
  public var body: [UInt8]

  public init(
    _ opcode: UInt16, _ requestId: UInt32, _ body: [UInt8] = [], statedLength: UInt32? = nil,
    version: UInt8 = 1, flags: UInt8 = 0, status: UInt16 = 0, reserved: UInt16 = 0
  ) {
    self.opcode = opcode
    self.requestId = requestId
    self.body = body
    self.statedLength = statedLength
    self.version = version
    self.flags = flags
    self.status = status
    self.reserved = reserved
  }

  public var bytes: [UInt8] {
    let length = statedLength ?? UInt32(body.count)
    return little(UInt64(length), 4) + [version, flags] + little(UInt64(opcode), 2)
      + little(UInt64(requestId), 4) + little(UInt64(status), 2) + little(UInt64(reserved), 2)
      + body
  }

  /// The frame at the start of `bytes` and how many bytes it takes; nil when it is not all there.
  public static func read(_ bytes: ArraySlice<UInt8>) -> (frame: RawFrame, count: Int)? {
    guard bytes.count >= 16 else { return nil }
    let length = Int(number(bytes, at: 0, 4))
    guard bytes.count >= 16 + length else { return nil }
    let body = Array(bytes.dropFirst(16).prefix(length))
    return (RawFrame(header: bytes, body: body), 16 + length)
  }

  /// A frame from a header's bytes, whatever they say.
  public init(header bytes: ArraySlice<UInt8>, body: [UInt8]) {
    self.init(
      UInt16(number(bytes, at: 6, 2)), UInt32(number(bytes, at: 8, 4)), body,
      statedLength: UInt32(number(bytes, at: 0, 4)), version: UInt8(number(bytes, at: 4, 1)),
      flags: UInt8(number(bytes, at: 5, 1)), status: UInt16(number(bytes, at: 12, 2)),
      reserved: UInt16(number(bytes, at: 14, 2)))
  }
}

/// `value` as `count` bytes, lowest first.
public func little(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
}

/// The number in `count` bytes from `offset` on, lowest first.
public func number(_ bytes: ArraySlice<UInt8>, at offset: Int, _ count: Int) -> UInt64 {
  let start = bytes.startIndex + offset
  return (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
}

/// A text field: its length in two bytes, then its bytes.
public func textField(_ text: String) -> [UInt8] {
  little(UInt64(text.utf8.count), 2) + Array(text.utf8)
}

/// The bytes of a hex text.
public func hexBytes(_ text: String) -> [UInt8] {
  let digits = Array(text.utf8)
  return stride(from: 0, to: digits.count, by: 2).map {
    UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) ?? 0
  }
}

/// `bytes` in hex, for messages of failing tests.
public func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
