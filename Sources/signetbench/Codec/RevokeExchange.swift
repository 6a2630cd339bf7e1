internal import TokenWire

/// REVOKE of one token of the store: the frame, and the check that something lived
/// (proto-spec/operations.md).
struct RevokeExchange {
  private static let textOffset = WireLimits.headerBytes + 16 + 2

  private let frame: [UInt8]
  private let store: TokenStore
  /// What each ticket revokes.
  private var indexes: [Int]

  init(_ shape: LoadShape, _ store: TokenStore) throws(BenchError) {
    self.store = store
    indexes = Array(repeating: 0, count: shape.tickets)
    frame = try requestFrame(RevokeRequest(subject: store.text(0)))
  }

  /// Appends the request and notes in the store that it was sent.
  mutating func write(_ ticket: Ticket, _ index: Int, _ output: inout ByteQueue) {
    let room = unsafe output.room(frame.count).baseAddress!
    unsafe room.put(frame, 0)
    unsafe room.put(UInt32(ticket.slot + 1), 8)
    unsafe (room + Self.textOffset).copyMemory(
      from: store.record(index), byteCount: TokenStore.textBytes)
    output.append(frame.count)
    store.setState(TokenStore.revokeSent, at: index)
    indexes[ticket.index] = index
  }

  /// What the ticket revoked.
  func index(_ ticketIndex: Int) -> Int { indexes[ticketIndex] }

  /// 0 when the token is dead now, 1 when nothing lived; nil when it is no such body.
  func check(_ ticketIndex: Int, _ body: UnsafeRawBufferPointer) -> Int? {
    guard body.count == 9, let base = body.baseAddress else { return nil }
    store.setState(
      TokenStore.revokeSent | TokenStore.revokeAnswered, at: indexes[ticketIndex])
    return unsafe base.load(fromByteOffset: 8, as: UInt8.self) == 1 ? 0 : 1
  }
}
