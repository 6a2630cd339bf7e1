/// memcached's meta commands: mg, ms and md of keys that are token texts. A batch is so many
/// commands sent together.
struct MemcachedCodec: ~Copyable, Codec {
  private static let getHead = Array("mg ".utf8)
  private static let getEnd = Array(" v\r\n".utf8)
  private static let setHead = Array("ms ".utf8)
  private static let setMiddle = Array(" 64\r\n".utf8)
  private static let deleteHead = Array("md ".utf8)
  private static let lineEnd = Array("\r\n".utf8)
  private static let hitHead = Array("VA 64\r\n".utf8)
  private static let miss = Array("EN\r\n".utf8)
  private static let done = Array("HD\r\n".utf8)

  private var keys: KeyExchange
  private var replies: OrderedReplies

  init(_ shape: LoadShape, _ keys: KeyExchange) {
    self.keys = keys
    replies = OrderedReplies(shape)
  }

  @inline(__always)
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) -> Bool {
    guard keys.beginRequest() else { return false }
    let room = unsafe output.room(keys.batch * 160).baseAddress!
    var end = unsafe room
    for place in ticket.index * keys.batch..<(ticket.index + 1) * keys.batch {
      switch keys.action {
      case .get:
        unsafe end += end.put(Self.getHead, 0)
        unsafe end = keys.writeKey(place, end)
        unsafe end += end.put(Self.getEnd, 0)
      case .set:
        unsafe end += end.put(Self.setHead, 0)
        unsafe end = keys.writeKey(place, end)
        unsafe end += end.put(Self.setMiddle, 0)
        unsafe end = keys.writeValue(place, end)
        unsafe end += end.put(Self.lineEnd, 0)
      case .delete:
        unsafe end += end.put(Self.deleteHead, 0)
        unsafe end = keys.writeKey(place, end)
        unsafe end += end.put(Self.lineEnd, 0)
      }
    }
    output.append(unsafe end - room)
    return true
  }

  @inline(__always)
  mutating func read(_ bytes: UnsafeRawBufferPointer, connection: Int) -> ReplyScan {
    let base = bytes.baseAddress!
    let place = replies.expectation(connection)
    if keys.action == .get, unsafe starts(bytes, Self.hitHead) {
      let whole = Self.hitHead.count + KeyExchange.valueBytes + 2
      if bytes.count < whole { return .needsMore }
      let isRight = unsafe keys.isRight(place, base + Self.hitHead.count)
      return replies.take(connection, whole, isRight: isRight)
    }
    if keys.action == .get, unsafe starts(bytes, Self.miss) {
      return replies.take(connection, Self.miss.count, isRight: keys.isAbsent(place))
    }
    if keys.action != .get, unsafe starts(bytes, Self.done) {
      return replies.take(connection, Self.done.count, isRight: true)
    }
    guard let end = unsafe bytes.firstIndex(of: UInt8(ascii: "\n")) else { return .needsMore }
    if keys.action != .get, unsafe bytes[0] == UInt8(ascii: "N") {
      return replies.take(connection, end + 1, isRight: false)
    }
    return .broken("memcached answered \(unsafe String(decoding: bytes[..<end], as: UTF8.self))")
  }
}
