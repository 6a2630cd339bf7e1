// Fuzz target: token texts. What parses must be spelled back byte for byte (one token, one
// spelling); a text made of random words must parse to them, and must not parse with one byte
// changed. Compiled into one module with TokenWire.

private func parses(_ text: [UInt8]) -> Int {
  var accepted = 0
  unsafe text.withUnsafeBytes { bytes in
    if let token = try? unsafe TokenText.parse(bytes) {
      accepted += 1
      guard TokenText.bytes(token) == text else { fatalError("a token with two spellings") }
    }
    if let secret = try? unsafe TokenText.parseClientSecret(bytes) {
      accepted += 1
      guard TokenText.bytes(secret) == text else { fatalError("a secret with two spellings") }
    }
    for kind in [TokenKind.accessor, .grantReference] {
      if let reference = try? unsafe TokenText.parseReference(bytes, kind: kind) {
        accepted += 1
        guard TokenText.bytes(reference) == text else {
          fatalError("a reference with two spellings")
        }
      }
    }
  }
  guard accepted <= 1 else { fatalError("a text of two kinds") }
  return accepted
}

/// A text of the kind that the first byte names, from the words behind it.
private func made(_ bytes: [UInt8]) -> [UInt8]? {
  guard bytes.count >= 36 else { return nil }
  func word(_ index: Int) -> UInt64 {
    bytes[2 + index * 8..<10 + index * 8].reduce(0) { $0 << 8 | UInt64($1) }
  }
  let kind = TokenKind.allCases[Int(bytes[0]) % TokenKind.allCases.count]
  switch kind {
  case .accessToken, .refreshToken, .authorizationCode:
    return TokenText.bytes(
      ParsedToken(
        kind: kind, keyID: bytes[1], idWord0: word(0), idWord1: word(1), tagWord0: word(2),
        tagWord1: word(3)))
  case .clientSecret:
    return TokenText.bytes(
      ParsedClientSecret(word0: word(0), word1: word(1), word2: word(2), word3: word(3)))
  case .accessor, .grantReference:
    return TokenText.bytes(ParsedReference(kind: kind, word0: word(0), word1: word(1)))
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTokenTexts(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  _ = parses(bytes)
  guard var text = made(bytes) else { return 0 }
  guard parses(text) == 1 else { fatalError("a text of our own does not parse") }
  let place = Int(bytes[34]) % text.count
  guard text[place] != bytes[35] else { return 0 }
  text[place] = bytes[35]
  // One changed byte is a burst of at most eight bits in the body: the checksum finds all of them.
  guard parses(text) == 0 else { fatalError("a changed text parses") }
  return 0
}
