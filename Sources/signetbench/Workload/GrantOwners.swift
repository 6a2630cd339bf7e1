/// How the tokens of a store spread over grants: as evenly as whole numbers allow, one user a
/// grant, in frames of at most 128 tokens.
struct GrantOwners {
  static let frameTokens = 128

  private let tokens: Int
  private let grants: Int
  private var grant = 0
  /// Tokens that the current grant still lacks.
  private var lacking: Int

  init(tokens: Int, grants: Int) {
    self.tokens = tokens
    self.grants = min(grants, tokens)
    lacking = Self.share(0, tokens, self.grants)
  }

  private static func share(_ grant: Int, _ tokens: Int, _ grants: Int) -> Int {
    tokens * (grant + 1) / grants - tokens * grant / grants
  }

  /// The next frame's items; empty at the end. A grant larger than what is left of a frame goes on
  /// in the next, as one more grant of the same user.
  mutating func nextFrame() -> [(user: UInt32, count: Int)] {
    var items: [(user: UInt32, count: Int)] = []
    var room = Self.frameTokens
    while room > 0, grant < grants {
      // A grant is not cut where it can go whole into the next frame.
      if lacking > room && !items.isEmpty && lacking <= Self.frameTokens { break }
      let count = min(lacking, room)
      items.append((UInt32(grant), count))
      room -= count
      lacking -= count
      if lacking == 0 {
        grant += 1
        if grant < grants { lacking = Self.share(grant, tokens, grants) }
      }
    }
    return items
  }
}
