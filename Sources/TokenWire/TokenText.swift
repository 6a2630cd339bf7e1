/// The text of tokens, secrets and references:
///
///     <prefix>_<body><checksum>
///
/// Letters, digits and one underscore, so a double click selects all of it. The body is base-62
/// fields of fixed width: for the three signed kinds `version * 256 + key id` (3 digits), two words
/// of id and two of tag (11 digits each); for a client secret four words; for an accessor or a
/// grant reference two. The checksum is the CRC-32 of everything before it, in 6 digits.
///
/// One token, one spelling: a field that writes a number too large is refused instead of reduced,
/// so no two texts parse to the same value. Parsing allocates nothing and checks in the order of
/// `TokenTextFault`'s cases: length, prefix, alphabet, range, checksum, version.
public enum TokenText {
  /// The version of the signed body that this code writes and reads.
  public static let version: UInt8 = 1

  /// The signed token (access, refresh or code) that `text` spells.
  public static func parse(_ text: UnsafeRawBufferPointer) throws(TokenTextFault) -> ParsedToken {
    guard let base = text.baseAddress, text.count == TokenKind.signedTextLength else {
      throw .length
    }
    let kind: TokenKind
    switch unsafe prefixWord(base) {
    case TokenKind.accessToken.prefixWord: kind = .accessToken
    case TokenKind.refreshToken.prefixWord: kind = .refreshToken
    case TokenKind.authorizationCode.prefixWord: kind = .authorizationCode
    default: throw .prefix
    }
    let table = TokenTextTables.shared
    var seen: UInt64 = 0
    var overflowed = false
    let key = unsafe Base62.number(base + 4, count: Base62.keyDigits, table.digits, seen: &seen)
    let idWord0 = unsafe Base62.word(base + 7, table.digits, seen: &seen, overflowed: &overflowed)
    let idWord1 = unsafe Base62.word(base + 18, table.digits, seen: &seen, overflowed: &overflowed)
    let tagWord0 = unsafe Base62.word(base + 29, table.digits, seen: &seen, overflowed: &overflowed)
    let tagWord1 = unsafe Base62.word(base + 40, table.digits, seen: &seen, overflowed: &overflowed)
    try unsafe check(
      base, kind, table, bodyEnd: 51, seen: seen, overflowed: overflowed || key > 0xFFFF)
    guard key >> 8 == UInt64(version) else { throw .version }
    return ParsedToken(
      kind: kind, keyID: UInt8(truncatingIfNeeded: key), idWord0: idWord0, idWord1: idWord1,
      tagWord0: tagWord0, tagWord1: tagWord1)
  }

  /// The client secret that `text` spells.
  public static func parseClientSecret(
    _ text: UnsafeRawBufferPointer
  ) throws(TokenTextFault) -> ParsedClientSecret {
    guard let base = text.baseAddress, text.count == TokenKind.clientSecretTextLength else {
      throw .length
    }
    guard unsafe prefixWord(base) == TokenKind.clientSecret.prefixWord else { throw .prefix }
    let table = TokenTextTables.shared
    var seen: UInt64 = 0
    var overflowed = false
    let word0 = unsafe Base62.word(base + 4, table.digits, seen: &seen, overflowed: &overflowed)
    let word1 = unsafe Base62.word(base + 15, table.digits, seen: &seen, overflowed: &overflowed)
    let word2 = unsafe Base62.word(base + 26, table.digits, seen: &seen, overflowed: &overflowed)
    let word3 = unsafe Base62.word(base + 37, table.digits, seen: &seen, overflowed: &overflowed)
    try unsafe check(
      base, .clientSecret, table, bodyEnd: 48, seen: seen, overflowed: overflowed)
    return ParsedClientSecret(word0: word0, word1: word1, word2: word2, word3: word3)
  }

  /// The reference that `text` spells; `kind` is `.accessor` or `.grantReference`.
  public static func parseReference(
    _ text: UnsafeRawBufferPointer, kind: TokenKind
  ) throws(TokenTextFault) -> ParsedReference {
    precondition(kind == .accessor || kind == .grantReference, "not a kind of reference")
    guard let base = text.baseAddress, text.count == TokenKind.referenceTextLength else {
      throw .length
    }
    guard unsafe prefixWord(base) == kind.prefixWord else { throw .prefix }
    let table = TokenTextTables.shared
    var seen: UInt64 = 0
    var overflowed = false
    let word0 = unsafe Base62.word(base + 4, table.digits, seen: &seen, overflowed: &overflowed)
    let word1 = unsafe Base62.word(base + 15, table.digits, seen: &seen, overflowed: &overflowed)
    try unsafe check(
      base, kind, table, bodyEnd: 26, seen: seen, overflowed: overflowed)
    return ParsedReference(kind: kind, word0: word0, word1: word1)
  }

  /// Invariant: 4 bytes at `base` are readable (every caller has checked the length).
  @inline(__always)
  private static func prefixWord(_ base: UnsafeRawPointer) -> UInt32 {
    unsafe UInt32(littleEndian: base.loadUnaligned(as: UInt32.self))
  }

  /// Alphabet, then range, then checksum, for fields already read.
  ///
  /// Invariant: `bodyEnd` and 6 bytes more at `base` are readable.
  @inline(__always)
  private static func check(
    _ base: UnsafeRawPointer, _ kind: TokenKind, _ table: TokenTextTables, bodyEnd: Int,
    seen: UInt64, overflowed: Bool
  ) throws(TokenTextFault) {
    var seen = seen
    let claimed = unsafe Base62.number(
      base + bodyEnd, count: Base62.checksumDigits, table.digits, seen: &seen)
    let computed = unsafe ~CRC32.continued(
      kind.checksumStart, over: base + 3, count: bodyEnd - 3, table.checksums)
    if seen >= Base62.outside { throw .alphabet }
    #if PLANTED
      if planted(.secondSpellingAccepted) && overflowed { return }
      if planted(.checksumIgnored) { return }
    #endif
    if overflowed || claimed > UInt64(UInt32.max) { throw .range }
    if claimed != UInt64(computed) { throw .checksum }
  }
}
