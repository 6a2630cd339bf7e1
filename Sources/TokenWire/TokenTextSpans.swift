/// The same parsers over safe views of the caller's bytes.
extension TokenText {
  /// The signed token (access, refresh or code) that `text` spells.
  public static func parse(_ text: Span<UInt8>) throws(TokenTextFault) -> ParsedToken {
    try unsafe text.withUnsafeBytes { (raw) throws(TokenTextFault) in try unsafe parse(raw) }
  }

  /// The client secret that `text` spells.
  public static func parseClientSecret(
    _ text: Span<UInt8>
  ) throws(TokenTextFault) -> ParsedClientSecret {
    try unsafe text.withUnsafeBytes { (raw) throws(TokenTextFault) in
      try unsafe parseClientSecret(raw)
    }
  }

  /// The reference that `text` spells; `kind` is `.accessor` or `.grantReference`.
  public static func parseReference(
    _ text: Span<UInt8>, kind: TokenKind
  ) throws(TokenTextFault) -> ParsedReference {
    try unsafe text.withUnsafeBytes { (raw) throws(TokenTextFault) in
      try unsafe parseReference(raw, kind: kind)
    }
  }

  /// The signed token (access, refresh or code) that `text` spells.
  public static func parse(_ text: [UInt8]) throws(TokenTextFault) -> ParsedToken {
    try parse(text.span)
  }

  /// The client secret that `text` spells.
  public static func parseClientSecret(
    _ text: [UInt8]
  ) throws(TokenTextFault) -> ParsedClientSecret {
    try parseClientSecret(text.span)
  }

  /// The reference that `text` spells; `kind` is `.accessor` or `.grantReference`.
  public static func parseReference(
    _ text: [UInt8], kind: TokenKind
  ) throws(TokenTextFault) -> ParsedReference {
    try parseReference(text.span, kind: kind)
  }
}
