/// RESP2 (Redis): GET, SET and DEL of keys that are token texts. A batch is so many commands sent
/// together, as the protocol has no frames.
struct RedisCodec: ~Copyable, Codec {
  private static let getHead = Array("*2\r\n$3\r\nGET\r\n$57\r\n".utf8)
  private static let deleteHead = Array("*2\r\n$3\r\nDEL\r\n$57\r\n".utf8)
  private static let setHead = Array("*3\r\n$3\r\nSET\r\n$57\r\n".utf8)
  private static let setMiddle = Array("\r\n$64\r\n".utf8)
  private static let lineEnd = Array("\r\n".utf8)
  private static let hitHead = Array("$64\r\n".utf8)
  private static let miss = Array("$-1\r\n".utf8)
  private static let stored = Array("+OK\r\n".utf8)
  private static let deleted = Array(":1\r\n".utf8)

  private var keys: KeyExchange
  private var replies: OrderedReplies

  init(_ shape: LoadShape, _ keys: KeyExchange) {
    self.keys = keys
    replies = OrderedReplies(shape)
  }

  @inline(__always)
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) -> Bool {
    guard keys.beginRequest() else { return false }
    let room = unsafe output.room(keys.batch * 192).baseAddress!
    var end = unsafe room
    for place in ticket.index * keys.batch..<(ticket.index + 1) * keys.batch {
      switch keys.action {
      case .get: unsafe end += end.put(Self.getHead, 0)
      case .set: unsafe end += end.put(Self.setHead, 0)
      case .delete: unsafe end += end.put(Self.deleteHead, 0)
      }
      unsafe end = keys.writeKey(place, end)
      if keys.action == .set {
        unsafe end += end.put(Self.setMiddle, 0)
        unsafe end = keys.writeValue(place, end)
      }
      unsafe end += end.put(Self.lineEnd, 0)
    }
    output.append(unsafe end - room)
    return true
  }

  @inline(__always)
  mutating func read(_ bytes: UnsafeRawBufferPointer, connection: Int) -> ReplyScan {
    let base = bytes.baseAddress!
    let place = replies.expectation(connection)
    switch keys.action {
    case .get:
      if unsafe starts(bytes, Self.hitHead) {
        let whole = Self.hitHead.count + KeyExchange.valueBytes + 2
        if bytes.count < whole { return .needsMore }
        let isRight = unsafe keys.isRight(place, base + Self.hitHead.count)
        return replies.take(connection, whole, isRight: isRight)
      }
      return unsafe fixed(bytes, Self.miss, connection, isRight: keys.isAbsent(place))
    case .set: return unsafe fixed(bytes, Self.stored, connection, isRight: true)
    case .delete: return unsafe fixed(bytes, Self.deleted, connection, isRight: true)
    }
  }

  /// An answer of one spelling.
  @inline(__always)
  private mutating func fixed(
    _ bytes: UnsafeRawBufferPointer, _ text: [UInt8], _ connection: Int, isRight: Bool
  ) -> ReplyScan {
    if unsafe starts(bytes, text) {
      return replies.take(connection, text.count, isRight: isRight)
    }
    return unsafe otherLine(bytes, connection)
  }

  /// Anything else is a wrong answer where it is a whole line, and nothing yet where it is not.
  private mutating func otherLine(
    _ bytes: UnsafeRawBufferPointer, _ connection: Int
  ) -> ReplyScan {
    guard let end = unsafe bytes.firstIndex(of: UInt8(ascii: "\n")) else { return .needsMore }
    if unsafe bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "$") {
      return .broken("redis answered \(unsafe String(decoding: bytes[..<end], as: UTF8.self))")
    }
    return replies.take(connection, end + 1, isRight: false)
  }
}

/// Whether the bytes begin with a text, all of it there.
@inline(__always)
func starts(_ bytes: UnsafeRawBufferPointer, _ text: [UInt8]) -> Bool {
  guard bytes.count >= text.count, let base = bytes.baseAddress else { return false }
  return unsafe text.withUnsafeBytes { unsafe base.holds($0.baseAddress!, count: $0.count) }
}
