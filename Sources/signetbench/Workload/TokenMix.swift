/// Which tokens are shown: how many in a hundred are not live, and from how large a part of the
/// store.
struct TokenMix: Equatable, Sendable {
  /// How tokens spread.
  enum Spread: String, CaseIterable, Sendable {
    /// Over the first 1,000 of the store: all near the processor.
    case hot
    /// Over all.
    case uniform
  }

  static let hotTokens = 1_000

  var spread = Spread.hot
  var revokedPercent = 0
  var expiredPercent = 0
  var forgedPercent = 0

  /// Percent that are not live.
  var deadPercent: Int { revokedPercent + expiredPercent + forgedPercent }
}

/// Draws tokens.
struct TokenDraw {
  private let mix: TokenMix
  private let count: Int
  private let range: Int
  private var numbers: RandomNumbers

  init(_ mix: TokenMix, count: Int, seed: UInt64) {
    self.mix = mix
    self.count = count
    range = mix.spread == .hot ? min(TokenMix.hotTokens, count) : count
    numbers = RandomNumbers(seed: seed)
  }

  /// The index of a token in the store, and what it is.
  @inline(__always)
  mutating func next() -> (index: Int, kind: TokenClass) {
    if mix.deadPercent > 0 { return mixed() }
    return (numbers.below(range), .live)
  }

  private mutating func mixed() -> (index: Int, kind: TokenClass) {
    let roll = numbers.below(100)
    let kind: TokenClass
    if roll < mix.revokedPercent {
      kind = .revoked
    } else if roll < mix.revokedPercent + mix.expiredPercent {
      kind = .expired
    } else if roll < mix.deadPercent {
      kind = .forged
    } else {
      return (numbers.below(range), .live)
    }
    let spare = numbers.below(TokenStore.spares)
    return (TokenStore.spare(kind, spare, after: count), kind)
  }

  /// A number below `bound`, from the same sequence.
  mutating func number(below bound: Int) -> Int { numbers.below(bound) }
}
