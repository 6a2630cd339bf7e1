internal import TokenWire

/// VALIDATE: the frame, and the check of every verdict and identity in its reply
/// (proto-spec/operations.md).
struct ValidateExchange {
  /// Header and body up to the first token.
  static let headBytes = 32
  static let tokenBytes = 2 + TokenStore.textBytes

  let store: TokenStore
  let batch: Int
  let depth: Int
  let wantsIdentity: Bool
  private(set) var expectations: Expectations
  private var draw: TokenDraw
  /// What follows the subject in every identity: clientId, scope and audience.
  private let identityTail: [UInt8]
  private let startMillis: UInt64

  init(
    _ shape: LoadShape, _ store: TokenStore, _ mix: TokenMix, wantsIdentity: Bool,
    startMillis: UInt64
  ) {
    self.store = store
    self.wantsIdentity = wantsIdentity
    self.startMillis = startMillis
    batch = shape.batch
    depth = shape.depth
    expectations = Expectations(shape)
    draw = TokenDraw(mix, count: store.count, seed: 1)
    identityTail =
      Self.field(store.clientId) + Self.field(Array("user".utf8)) + Self.field([])
  }

  private static func field(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8(truncatingIfNeeded: bytes.count), UInt8(bytes.count >> 8)] + bytes
  }

  var frameBytes: Int { Self.headBytes + batch * Self.tokenBytes }

  /// A number from the sequence that tokens are drawn with.
  mutating func number(below bound: Int) -> Int { draw.number(below: bound) }

  /// The index of a token that lived when the run began.
  mutating func drawnIndex() -> Int { draw.next().index }

  /// Appends the request.
  @inline(__always)
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) {
    let room = unsafe output.room(frameBytes).baseAddress!
    let length = UInt64(frameBytes - WireLimits.headerBytes)
    unsafe room.put(length | 1 << 32 | UInt64(Opcode.validate.rawValue) << 48, 0)
    unsafe room.put(UInt64(ticket.slot + 1), 8)
    // form, flags, atLeastPosition, and two empty texts.
    unsafe room.put(UInt64(wantsIdentity ? 1 : 0), 16)
    unsafe room.put(UInt64(batch) << 48, 24)
    var place = ticket.index * batch
    var cursor = unsafe room + Self.headBytes
    for _ in 0..<batch {
      let (index, drawn) = draw.next()
      let isDead = store.state(index) & TokenStore.revokeAnswered != 0
      expectations.set(place, store, index, isDead ? .revoked : drawn)
      unsafe cursor.put(UInt16(TokenStore.textBytes), 0)
      unsafe (cursor + 2).copyMemory(
        from: store.record(index), byteCount: TokenStore.textBytes)
      unsafe cursor += Self.tokenBytes
      place += 1
    }
    output.append(frameBytes)
  }

  /// The number of wrong answers in a reply's body; nil when it is no such body.
  @inline(__always)
  func check(_ ticketIndex: Int, _ body: UnsafeRawBufferPointer) -> Int? {
    guard body.count >= 3, let base = body.baseAddress else { return nil }
    let form = unsafe base.load(as: UInt8.self)
    guard form == (wantsIdentity ? 1 : 0), unsafe base.u16(1) == batch else { return nil }
    return wantsIdentity
      ? unsafe checkIdentities(ticketIndex, base, body.count)
      : unsafe checkVerdicts(ticketIndex, base, body.count)
  }

  private func checkVerdicts(_ ticketIndex: Int, _ base: UnsafeRawPointer, _ count: Int) -> Int? {
    guard count == 3 + batch * WireLimits.verdictBytes else { return nil }
    var (place, offset, wrong) = (ticketIndex * batch, 3, 0)
    for _ in 0..<batch {
      let word = unsafe base.u64(offset)
      let verdict = UInt8(truncatingIfNeeded: word)
      let lives = word >> 32 > 0
      if !isRight(verdict, place) || lives != (verdict == 0) { wrong += 1 }
      offset += WireLimits.verdictBytes
      place += 1
    }
    return wrong
  }

  private func checkIdentities(
    _ ticketIndex: Int, _ base: UnsafeRawPointer, _ count: Int
  ) -> Int? {
    var (place, offset, wrong) = (ticketIndex * batch, 3, 0)
    for _ in 0..<batch {
      // verdict, subjectKind, overrides, reserved and expiresAt are always there.
      guard offset + 14 <= count else { return nil }
      let end = unsafe offset + 2 + base.u16(offset)
      guard end >= offset + 14, end <= count else { return nil }
      let verdict = unsafe base.load(fromByteOffset: offset + 2, as: UInt8.self)
      let isWhole = unsafe verdict != 0 || isIdentity(place, base + offset, end - offset)
      if !isRight(verdict, place) || !isWhole { wrong += 1 }
      offset = end
      place += 1
    }
    return offset == count ? wrong : nil
  }

  /// Whether a VALID identity tells user, client, scope and a time to come.
  @inline(__always)
  private func isIdentity(_ place: Int, _ group: UnsafeRawPointer, _ count: Int) -> Bool {
    let subjectEnd = 16 + UserName.byteCount
    guard count == subjectEnd + identityTail.count else { return false }
    return unsafe group.load(fromByteOffset: 3, as: UInt8.self) == 1
      && group.u64(6) > startMillis
      && group.u16(14) == UserName.byteCount
      && group.u64(16) == UserName.word(expectations.user(place))
      && identityTail.withUnsafeBytes {
        unsafe (group + subjectEnd).holds($0.baseAddress!, count: $0.count)
      }
  }

  /// Whether a verdict is one that the token may get. A dead one may have left the record, and so
  /// be unknown.
  @inline(__always)
  private func isRight(_ verdict: UInt8, _ place: Int) -> Bool {
    switch expectations.kind(place) {
    case .live: verdict == 0 || mayBeDead(verdict, place)
    case .revoked: verdict == Verdict.revoked.rawValue || verdict == Verdict.unknown.rawValue
    case .expired: verdict == Verdict.expired.rawValue || verdict == Verdict.unknown.rawValue
    case .forged: verdict == Verdict.forged.rawValue
    }
  }

  /// Whether a token that lived when it was shown may be told dead now: a revocation was sent
  /// before the answer came.
  private func mayBeDead(_ verdict: UInt8, _ place: Int) -> Bool {
    guard verdict == Verdict.revoked.rawValue || verdict == Verdict.unknown.rawValue else {
      return false
    }
    let index = expectations.index(place)
    return store.state(index) & TokenStore.revokeSent != 0
      || store.generation(index) != expectations.generation(place)
  }
}
