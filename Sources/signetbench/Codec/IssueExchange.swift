internal import TokenWire

/// ISSUE: a frame of orders that differs only in its users, and the check of the tokens made
/// (proto-spec/operations.md). No idempotency key: a lost answer ends the run.
struct IssueExchange {
  /// Users of their own, so that no grant of the token file is pushed out.
  static let firstUser = 5_000_000
  static let users = 1_000_000

  private let frame: [UInt8]
  /// Where the user ids stand in the frame.
  private let userOffsets: [Int]
  private let tokens: Int
  private let startMillis: UInt64
  private var next = 0
  /// The user of each ticket's first order.
  private var firstUsers: [UInt32]

  /// - Parameter tokensPerGrant: one order makes at most so many.
  init(
    _ shape: LoadShape, tokens: Int, tokensPerGrant: Int, clientId: [UInt8],
    startMillis: UInt64
  ) throws(BenchError) {
    self.tokens = tokens
    self.startMillis = startMillis
    firstUsers = Array(repeating: 0, count: shape.tickets)
    let orders = (tokens + tokensPerGrant - 1) / tokensPerGrant
    var (grants, left) = ([(user: UInt32, count: Int)](), tokens)
    for _ in 0..<orders {
      grants.append((0, min(left, tokensPerGrant)))
      left -= tokensPerGrant
    }
    frame = try requestFrame(SignetSetup.request(clientId, grants))
    let itemBytes = (frame.count - Self.itemsOffset) / orders
    // A group's size, the client id with its length, the length of the user id.
    let userInItem = 2 + 2 + clientId.count + 2
    userOffsets = (0..<orders).map { Self.itemsOffset + $0 * itemBytes + userInItem }
  }

  /// Header, key and number of items.
  private static let itemsOffset = WireLimits.headerBytes + 16 + 2

  /// Appends the request.
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) {
    let room = unsafe output.room(frame.count).baseAddress!
    unsafe room.put(frame, 0)
    unsafe room.put(UInt32(ticket.slot + 1), 8)
    for (position, offset) in userOffsets.enumerated() {
      let user = UInt32(Self.firstUser + next % Self.users)
      if position == 0 { firstUsers[ticket.index] = user }
      unsafe room.put(UserName.word(user), offset)
      next += 1
    }
    output.append(frame.count)
  }

  /// The user of the ticket's first token.
  func user(_ ticketIndex: Int) -> UInt32 { firstUsers[ticketIndex] }

  /// Where the first token's text stands in a reply's body: behind position, number of tokens,
  /// size of the group and length of the text.
  static let firstTextOffset = 8 + 2 + 2 + 2

  /// The number of tokens that are not as they must be; nil when it is no such body.
  func check(_ body: UnsafeRawBufferPointer) -> Int? {
    guard body.count >= 10, let base = body.baseAddress else { return nil }
    if unsafe base.u16(8) != tokens { return tokens }
    var (offset, wrong) = (10, 0)
    for _ in 0..<tokens {
      guard offset + 2 <= body.count else { return nil }
      let end = unsafe offset + 2 + base.u16(offset)
      guard end <= body.count, end >= offset + 2 + 59 + 8 else { return nil }
      let isAccess =
        unsafe base.u16(offset + 2) == TokenStore.textBytes
        && base.u32(offset + 4) == 0x5F61_6773
      if unsafe !isAccess || base.u64(offset + 61) <= startMillis { wrong += 1 }
      offset = end
    }
    return offset == body.count ? wrong : nil
  }
}

/// A request as a whole frame, its id 1.
func requestFrame(_ request: some RequestMessage) throws(BenchError) -> [UInt8] {
  var writer = WireWriter(capacity: 4_096)
  do throws(WireFault) {
    try writer.request(request, requestId: 1)
  } catch {
    throw .usage("such a request cannot be written: \(error)", hint: "lower --batch")
  }
  return writer.contents
}
