/// Writing token texts. Each `write` fills exactly the first `textLength` bytes of a buffer that is
/// at least that long (anything shorter is a programming error) and returns that length.
extension TokenText {
  /// Writes a signed text; `token.kind` is one of the three signed kinds.
  @discardableResult
  public static func write(
    _ token: ParsedToken, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    precondition(token.kind.isSigned, "not a signed kind")
    let base = unsafe begin(token.kind, buffer)
    let key = UInt32(version) << 8 | UInt32(token.keyID)
    unsafe Base62.write(key, count: Base62.keyDigits, to: base + 4)
    unsafe Base62.writeWord(token.idWord0, to: base + 7)
    unsafe Base62.writeWord(token.idWord1, to: base + 18)
    unsafe Base62.writeWord(token.tagWord0, to: base + 29)
    unsafe Base62.writeWord(token.tagWord1, to: base + 40)
    return unsafe finish(base, token.kind, bodyEnd: 51)
  }

  /// Writes a client secret's text.
  @discardableResult
  public static func write(
    _ secret: ParsedClientSecret, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let base = unsafe begin(.clientSecret, buffer)
    unsafe Base62.writeWord(secret.word0, to: base + 4)
    unsafe Base62.writeWord(secret.word1, to: base + 15)
    unsafe Base62.writeWord(secret.word2, to: base + 26)
    unsafe Base62.writeWord(secret.word3, to: base + 37)
    return unsafe finish(base, .clientSecret, bodyEnd: 48)
  }

  /// Writes the text of an accessor or a grant reference.
  @discardableResult
  public static func write(
    _ reference: ParsedReference, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    precondition(
      reference.kind == .accessor || reference.kind == .grantReference, "not a kind of reference")
    let base = unsafe begin(reference.kind, buffer)
    unsafe Base62.writeWord(reference.word0, to: base + 4)
    unsafe Base62.writeWord(reference.word1, to: base + 15)
    return unsafe finish(base, reference.kind, bodyEnd: 26)
  }

  /// A signed text as an array of its own.
  public static func bytes(_ token: ParsedToken) -> [UInt8] {
    unsafe made(token.kind) { buffer in unsafe write(token, into: buffer) }
  }

  /// Calls `body` with a signed text, which lies on the stack.
  public static func withText<Result>(
    _ token: ParsedToken, _ body: (Span<UInt8>) -> Result
  ) -> Result {
    var text = InlineArray<57, UInt8>(repeating: 0)
    precondition(text.count == TokenKind.signedTextLength, "all signed texts have one length")
    var place = text.mutableSpan
    _ = unsafe place.withUnsafeMutableBytes { unsafe write(token, into: $0) }
    return body(text.span)
  }

  /// A client secret's text as an array of its own.
  public static func bytes(_ secret: ParsedClientSecret) -> [UInt8] {
    unsafe made(.clientSecret) { buffer in unsafe write(secret, into: buffer) }
  }

  /// The text of an accessor or a grant reference as an array of its own.
  public static func bytes(_ reference: ParsedReference) -> [UInt8] {
    unsafe made(reference.kind) { buffer in unsafe write(reference, into: buffer) }
  }

  private static func made(
    _ kind: TokenKind, _ fill: (UnsafeMutableRawBufferPointer) -> Int
  ) -> [UInt8] {
    // Zeros first: the initialiser that leaves them out looks up the array's type at run time.
    var text = [UInt8](repeating: 0, count: kind.textLength)
    _ = unsafe text.withUnsafeMutableBytes { unsafe fill($0) }
    return text
  }

  private static func begin(
    _ kind: TokenKind, _ buffer: UnsafeMutableRawBufferPointer
  ) -> UnsafeMutableRawPointer {
    guard let base = buffer.baseAddress, buffer.count >= kind.textLength else {
      preconditionFailure("buffer shorter than the token text")
    }
    unsafe base.storeBytes(of: kind.prefixWord.littleEndian, as: UInt32.self)
    return unsafe base
  }

  /// Invariant: `bodyEnd` bytes at `base` are written, and 6 more are writable.
  private static func finish(
    _ base: UnsafeMutableRawPointer, _ kind: TokenKind, bodyEnd: Int
  ) -> Int {
    let checksum = unsafe ~CRC32.continued(
      kind.checksumStart, over: base + 3, count: bodyEnd - 3, TokenTextTables.shared.checksums)
    unsafe Base62.write(checksum, count: Base62.checksumDigits, to: base + bodyEnd)
    return bodyEnd + Base62.checksumDigits
  }
}
