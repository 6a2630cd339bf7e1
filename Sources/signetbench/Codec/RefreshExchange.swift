internal import TokenWire

/// REFRESH: each ticket rotates a refresh token of its own, again and again
/// (proto-spec/operations.md).
struct RefreshExchange {
  static let firstUser: UInt32 = 4_000_000

  private let frame: [UInt8]
  private let tokenOffset: Int
  /// The current refresh token of each ticket.
  private var chains: [UInt8]

  /// - Parameter tokens: a live refresh token a ticket, all of one client.
  init(_ client: ClientAuth, _ tokens: [[UInt8]]) throws(BenchError) {
    chains = Array(tokens.joined())
    frame = try requestFrame(
      RefreshRequest(client: client, refreshToken: tokens[0], scope: [], resource: []))
    // Two empty texts stand behind it.
    tokenOffset = frame.count - 4 - TokenStore.textBytes
  }

  /// Appends the request.
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) {
    let room = unsafe output.room(frame.count).baseAddress!
    unsafe room.put(frame, 0)
    unsafe room.put(UInt32(ticket.slot + 1), 8)
    let text = chains[chain(ticket.index)]
    unsafe text.withUnsafeBytes { bytes in
      unsafe (room + tokenOffset).copyMemory(
        from: bytes.baseAddress!, byteCount: TokenStore.textBytes)
    }
    output.append(frame.count)
  }

  private func chain(_ ticketIndex: Int) -> Range<Int> {
    let start = ticketIndex * TokenStore.textBytes
    return start..<start + TokenStore.textBytes
  }

  /// 0 when there is a new pair, 1 when it is not one; nil when it is no such body.
  mutating func check(_ ticketIndex: Int, _ body: UnsafeRawBufferPointer) -> Int? {
    // position, size of the group, access token, expiresAt, expiresInSeconds, refresh token.
    let refreshOffset = 8 + 2 + 2 + TokenStore.textBytes + 8 + 4
    guard body.count > refreshOffset + 2 + TokenStore.textBytes, let base = body.baseAddress
    else { return nil }
    guard
      unsafe base.u16(10) == TokenStore.textBytes && base.u32(12) == 0x5F61_6773
        && base.u16(refreshOffset) == TokenStore.textBytes
        && base.u32(refreshOffset + 2) == 0x5F72_6773
    else { return 1 }
    let place = chain(ticketIndex)
    let isNew = unsafe chains.withUnsafeMutableBytes { bytes in
      let current = unsafe bytes.baseAddress! + place.lowerBound
      let fresh = unsafe base + refreshOffset + 2
      let isNew = unsafe !fresh.holds(current, count: TokenStore.textBytes)
      unsafe current.copyMemory(from: fresh, byteCount: TokenStore.textBytes)
      return isNew
    }
    return isNew ? 0 : 1
  }
}
