internal import LinuxIO
internal import TokenCrypto

/// What one token's MAC costs, and what it would cost if it were nothing but its two blocks.
struct MacFloor {
  let seconds: Double

  /// Blocks of one hash, its padding among them: so many that beginning and end do not count.
  private static let blocks = 1_024

  func report(to report: inout JSONText) throws(BenchError) {
    report.add("twoBlocksNanos", Self.twoBlocksNanos(seconds: seconds))
    report.add("macNanos", try Self.macNanos(LiveTable(room: 1_000).keyset, seconds: seconds))
  }

  /// Time of two blocks of SHA-256 in a long message.
  static func twoBlocksNanos(seconds: Double) -> Double {
    let message = [UInt8](repeating: 0x5A, count: (blocks - 1) * 64)
    var rounds = 0
    var folded: UInt64 = 0
    let began = SystemClock.monotonicNanos()
    let end = began + UInt64(seconds * 1e9)
    var now = began
    while now < end {
      folded ^= SHA256.hash(message.span).word0
      rounds += 1
      now = SystemClock.monotonicNanos()
    }
    precondition(folded != 1, "a digest that is one is not to be expected")
    return Double(now - began) / Double(rounds * blocks) * 2
  }

  /// Time of checking a tag as VALIDATE does it.
  static func macNanos(_ keyset: TokenKeyset, seconds: Double) -> Double {
    let began = SystemClock.monotonicNanos()
    let checked = checkTags(keyset, until: began + UInt64(seconds * 1e9))
    return Double(SystemClock.monotonicNanos() - began) / Double(checked)
  }

  /// Checks tags until a time; how many.
  static func checkTags(_ keyset: TokenKeyset, until end: UInt64) -> Int {
    let signer = TokenSigner(keyset)
    let (kind, keyID) = (UInt8(ascii: "a"), signer.primaryKeyID)
    var numbers = RandomNumbers(seed: 7)
    let ids = (0..<1_024).map { _ in Block128(word0: numbers.next(), word1: numbers.next()) }
    let tags = ids.map { signer.sign(kind: kind, keyID: keyID, id: $0) }
    var checked = 0
    while SystemClock.monotonicNanos() < end {
      for (id, tag) in zip(ids, tags) {
        guard let tag, signer.verify(kind: kind, keyID: keyID, id: id, tag: tag) == .authentic
        else { preconditionFailure("a tag that was just made is authentic") }
      }
      checked += ids.count
    }
    return checked
  }
}
