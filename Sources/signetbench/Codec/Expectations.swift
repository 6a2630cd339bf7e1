/// What the answers to the tokens of each ticket must say: a token's class, its generation in the
/// store, and its user, packed into a word, so that a check reads memory that is near.
struct Expectations {
  private var words: [UInt32]
  private var indexes: [UInt32]

  init(_ shape: LoadShape) {
    words = Array(repeating: 0, count: shape.tickets * shape.batch)
    indexes = words
  }

  @inline(__always)
  mutating func set(_ place: Int, _ store: TokenStore, _ index: Int, _ kind: TokenClass) {
    words[place] =
      UInt32(kind.rawValue) << 30 | UInt32(store.generation(index)) << 26 | store.user(index)
    indexes[place] = UInt32(truncatingIfNeeded: index)
  }

  @inline(__always)
  func kind(_ place: Int) -> TokenClass {
    switch words[place] >> 30 {
    case 0: .live
    case 1: .revoked
    case 2: .expired
    default: .forged
    }
  }

  @inline(__always)
  func user(_ place: Int) -> UInt32 { words[place] & 0x03FF_FFFF }

  @inline(__always)
  func index(_ place: Int) -> Int { Int(indexes[place]) }

  func generation(_ place: Int) -> UInt8 { UInt8(words[place] >> 26 & 15) }
}
