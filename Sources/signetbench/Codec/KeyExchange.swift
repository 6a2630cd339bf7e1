/// What key-value servers are asked for: keys are token texts, values 64 bytes that begin with the
/// token's user, so that a value of another key is seen.
struct KeyExchange {
  enum Action {
    case get, set, delete
  }

  /// Which keys.
  enum Order {
    /// Drawn from the store, as for VALIDATE.
    case drawn
    /// Each key of the store once.
    case once
    /// A new key for each command.
    case fresh
  }

  static let valueBytes = 64
  private static let filler = Array(repeating: UInt8(ascii: "v"), count: valueBytes - 8)

  let action: Action
  let batch: Int
  private let store: TokenStore
  private let order: Order
  private var draw: TokenDraw
  private var expectations: Expectations
  private var next = 0

  init(
    _ action: Action, _ order: Order, _ shape: LoadShape, _ store: TokenStore, _ mix: TokenMix
  ) {
    self.action = action
    self.order = order
    self.store = store
    batch = shape.batch
    draw = TokenDraw(mix, count: store.count, seed: 1)
    expectations = Expectations(shape)
  }

  /// False when the store has no key for one more request.
  @inline(__always)
  func beginRequest() -> Bool { order != .once || next + batch <= store.count }

  /// Writes the key of a place and remembers what belongs to it; where it ends.
  @inline(__always)
  mutating func writeKey(
    _ place: Int, _ room: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer {
    var (index, kind) = (next, TokenClass.live)
    switch order {
    case .drawn: (index, kind) = draw.next()
    case .once: next += 1
    case .fresh: index = draw.number(below: store.count)
    }
    expectations.set(place, store, index, kind)
    unsafe room.copyMemory(from: store.record(index), byteCount: TokenStore.textBytes)
    if order == .fresh {
      unsafe room.put(UserName.word(UInt32(next % UserName.limit)), 4)
      unsafe room.put(UserName.word(UInt32(next / UserName.limit)), 12)
      next += 1
    }
    return unsafe room + TokenStore.textBytes
  }

  @inline(__always)
  func writeValue(_ place: Int, _ room: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    unsafe room.put(UserName.word(expectations.user(place)), 0)
    unsafe room.put(Self.filler, 8)
    return unsafe room + Self.valueBytes
  }

  /// Whether this is the value of the place's key.
  @inline(__always)
  func isRight(_ place: Int, _ value: UnsafeRawPointer) -> Bool {
    unsafe expectations.kind(place) == .live
      && value.u64(0) == UserName.word(expectations.user(place))
      && Self.filler.withUnsafeBytes {
        unsafe (value + 8).holds($0.baseAddress!, count: $0.count)
      }
  }

  /// Whether the place's key must not be there.
  func isAbsent(_ place: Int) -> Bool { expectations.kind(place) != .live }
}
