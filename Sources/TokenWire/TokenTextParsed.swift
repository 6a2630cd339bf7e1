/// What a signed text says: kind, key id, id and tag. Nothing is verified yet: the tag is only
/// what the text claims. Words are those under the MAC, first word first.
public struct ParsedToken: Sendable, Equatable {
  public var kind: TokenKind
  public var keyID: UInt8
  public var idWord0: UInt64
  public var idWord1: UInt64
  public var tagWord0: UInt64
  public var tagWord1: UInt64

  public init(
    kind: TokenKind, keyID: UInt8, idWord0: UInt64, idWord1: UInt64, tagWord0: UInt64,
    tagWord1: UInt64
  ) {
    self.kind = kind
    self.keyID = keyID
    self.idWord0 = idWord0
    self.idWord1 = idWord1
    self.tagWord0 = tagWord0
    self.tagWord1 = tagWord1
  }
}

/// The 256 bits of a client secret.
public struct ParsedClientSecret: Sendable, Equatable {
  public var word0: UInt64
  public var word1: UInt64
  public var word2: UInt64
  public var word3: UInt64

  public init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }
}

/// The 128 bits of an accessor or a grant reference: names that find a thing and cannot use it.
public struct ParsedReference: Sendable, Equatable {
  public var kind: TokenKind
  public var word0: UInt64
  public var word1: UInt64

  /// `kind` is `.accessor` or `.grantReference`.
  public init(kind: TokenKind, word0: UInt64, word1: UInt64) {
    self.kind = kind
    self.word0 = word0
    self.word1 = word1
  }
}
