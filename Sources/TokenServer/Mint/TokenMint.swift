internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// One worker's means of making and reading token texts: its entropy, its keyed contexts, the
/// ciphers. Not shared, so nothing here takes a lock.
///
/// Ids come from the CSPRNG, or, for an operation with an idempotency key, from its seed, so that a
/// retry gets the same ones. Secrets always come from a seed, since they are made again when the
/// reply is written.
struct TokenMint: ~Copyable {
  private let keyring: Keyring
  private var signer: TokenSigner
  private var pool = EntropyPool()
  private let derived: DerivedEntropy
  private var accessors: AccessorCipher
  private let tickets: TicketSeal
  private var seed: Block128?
  private var counter: UInt32 = 0
  /// The key that what is made now is signed with.
  private(set) var keyID: UInt8

  init(_ keyring: Keyring) {
    self.keyring = keyring
    signer = TokenSigner(keyring.current())
    derived = DerivedEntropy(keyring.root)
    accessors = AccessorCipher(keyring.root)
    tickets = TicketSeal(keyring.root)
    keyID = signer.primaryKeyID
  }

  /// Takes over a new keyset, if there is one. Costs one atomic load otherwise.
  mutating func followKeys() {
    guard keyring.currentGeneration != signer.generation else { return }
    signer = TokenSigner(keyring.current())
  }

  // MARK: Where ids come from

  mutating func drawSeed() -> TokenID { TokenID(pool.block128()) }

  mutating func drawFromPool() {
    seed = nil
    keyID = signer.primaryKeyID
  }

  /// From here on ids are derived from the seed, in order, under the given key.
  mutating func derive(from seed: TokenID, keyID: UInt8? = nil) {
    self.seed = Block128(seed)
    counter = 0
    self.keyID = keyID ?? signer.primaryKeyID
  }

  mutating func id() -> TokenID {
    guard let seed else { return TokenID(pool.block128()) }
    defer { counter += 1 }
    return TokenID(derived.id(seed: seed, counter: counter))
  }

  /// The name of a refresh family: the 96 bits of an id that are not its generation.
  mutating func familyID() -> TokenID { id().with(generation: 0) }

  mutating func accessToken() -> PreparedToken {
    let id = id()
    let digest =
      signed(.accessToken, id, keyID: keyID).map { token in
        TokenText.withText(token) { text in SHA256.hash(text) }
      } ?? SHA256().finalize()
    return PreparedToken(
      id: id, keyID: keyID, digest: TokenDigest(word0: digest.word0, word1: digest.word1))
  }

  // MARK: Texts out

  /// nil where the key was retired: nothing can be signed with it any more.
  func signed(_ kind: TokenKind, _ id: TokenID, keyID: UInt8) -> ParsedToken? {
    guard let tag = signer.sign(kind: kind.macByte, keyID: keyID, id: Block128(id)) else {
      return nil
    }
    return ParsedToken(
      kind: kind, keyID: keyID, idWord0: id.word0, idWord1: id.word1, tagWord0: tag.word0,
      tagWord1: tag.word1)
  }

  /// nil where the key was retired.
  func text(_ kind: TokenKind, _ id: TokenID, keyID: UInt8) -> [UInt8]? {
    signed(kind, id, keyID: keyID).map { TokenText.bytes($0) }
  }

  /// What logs, lists and support use in an access token's place.
  mutating func accessor(_ id: TokenID) -> ParsedReference {
    let accessor = accessors.accessor(ofID: Block128(id))
    return ParsedReference(kind: .accessor, word0: accessor.word0, word1: accessor.word1)
  }

  mutating func accessorText(_ id: TokenID) -> [UInt8] { TokenText.bytes(accessor(id)) }

  func grant(_ id: TokenID) -> ParsedReference {
    ParsedReference(kind: .grantReference, word0: id.word0, word1: id.word1)
  }

  func grantText(_ id: TokenID) -> [UInt8] { TokenText.bytes(grant(id)) }

  /// The client secret of an operation's seed.
  func secretText(seed: TokenID) -> [UInt8] {
    let secret = derived.secret(seed: Block128(seed), counter: 0)
    return TokenText.bytes(
      ParsedClientSecret(
        word0: secret.word0, word1: secret.word1, word2: secret.word2, word3: secret.word3))
  }

  func sealed(_ ticket: ConsentTicket) -> [UInt8] { tickets.seal(ticket.encoded().span) }

  // MARK: Texts in

  /// Order of checks: length, prefix, alphabet and range, checksum, key id, MAC.
  func read(_ text: [UInt8], as kind: TokenKind) -> PresentedCredential {
    guard let parsed = try? TokenText.parse(text), parsed.kind == kind else { return .foreign }
    guard verify(parsed) == .authentic else { return .foreign }
    return .authentic(TokenID(parsed), keyID: parsed.keyID)
  }

  func verify(_ parsed: ParsedToken) -> TagVerdict {
    signer.verify(
      kind: parsed.kind.macByte, keyID: parsed.keyID,
      id: Block128(word0: parsed.idWord0, word1: parsed.idWord1),
      tag: Block128(word0: parsed.tagWord0, word1: parsed.tagWord1))
  }

  mutating func introspectionSubject(_ text: [UInt8]) -> IntrospectionSubject {
    guard let parsed = try? TokenText.parse(text) else { return .malformed }
    guard verify(parsed) == .authentic else { return .forged }
    switch parsed.kind {
    case .accessToken: return .accessToken(TokenID(parsed), keyID: parsed.keyID)
    case .refreshToken: return .refreshToken(TokenID(parsed), keyID: parsed.keyID)
    default: return .malformed
    }
  }

  /// An access token, a refresh token, an accessor or a grant reference.
  mutating func revocationSubject(_ text: [UInt8]) -> RevocationSubject {
    switch grantReference(text) {
    case .grant(let id): return .grant(id)
    case .accessToken(let id): return .accessToken(id)
    case .foreign: break
    }
    switch introspectionSubject(text) {
    case .accessToken(let id, _): return .accessToken(id)
    case .refreshToken(let id, _): return .refreshToken(id)
    case .malformed, .forged: return .foreign
    }
  }

  mutating func grantReference(_ text: [UInt8]) -> GrantReference {
    if let grant = try? TokenText.parseReference(text, kind: .grantReference) {
      return .grant(TokenID(word0: grant.word0, word1: grant.word1))
    }
    if let accessor = try? TokenText.parseReference(text, kind: .accessor) {
      let words = Block128(word0: accessor.word0, word1: accessor.word1)
      return .accessToken(TokenID(accessors.id(ofAccessor: words)))
    }
    return .foreign
  }

  func credential(_ client: ClientAuth) -> ClientCredential {
    ClientCredential(
      clientID: client.clientId,
      secretDigest: client.clientSecret.isEmpty ? nil : digest(ofSecret: client.clientSecret))
  }

  func digest(ofSecret text: [UInt8]) -> SecretDigest {
    let hash = SHA256.hash(text.span).bytes
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 { bytes[index] = hash[index] }
    return SecretDigest(bytes: bytes)
  }

  /// nil where the seal does not hold.
  func opened(_ ticket: [UInt8]) -> ConsentTicket? {
    tickets.open(ticket.span).flatMap { ConsentTicket(encoded: $0) }
  }
}

extension TokenID {
  init(_ block: Block128) { self.init(word0: block.word0, word1: block.word1) }
  init(_ parsed: ParsedToken) { self.init(word0: parsed.idWord0, word1: parsed.idWord1) }
}

extension Block128 {
  init(_ id: TokenID) { self.init(word0: id.word0, word1: id.word1) }
}
