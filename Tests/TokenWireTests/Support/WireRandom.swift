@testable import TokenWire

/// A seeded source of values (SplitMix64): a failing test names its seed.
struct WireRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
  mutating func u8() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
  mutating func u16() -> UInt16 { UInt16(truncatingIfNeeded: next()) }
  mutating func u32() -> UInt32 { UInt32(truncatingIfNeeded: next()) }
  mutating func u64() -> UInt64 { next() }
  mutating func bool() -> Bool { next() & 1 == 1 }
  mutating func b16() -> Bytes16 { Bytes16(word0: next(), word1: next()) }

  mutating func bytes() -> [UInt8] { (0..<below(40)).map { _ in u8() } }

  /// Text of 0...23 scalars with one to four bytes each, often plain ASCII.
  mutating func text() -> [UInt8] {
    let scalars: [Unicode.Scalar] = ["a", "Z", "0", " ", "\u{0}", "é", "€", "\u{10FFFF}", "𝛑"]
    let pool = bool() ? 4 : scalars.count
    var view = String.UnicodeScalarView()
    for _ in 0..<below(24) { view.append(scalars[below(pool)]) }
    return Array(String(view).utf8)
  }

  mutating func list<T>(_ counts: ClosedRange<Int>, _ make: (inout WireRandom) -> T) -> [T] {
    let count = Int.random(in: counts, using: &self)
    return (0..<count).map { _ in make(&self) }
  }

  mutating func element<T>(_ values: [T]) -> T { values[below(values.count)] }
}

/// A shape of the protocol that can make random values of itself.
protocol Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> Self
}
