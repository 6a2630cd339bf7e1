// The same operations over arrays. Prefer these for an array that is made on the spot: a span of a
// temporary, `bytes().span`, makes the Swift 6.3 compiler fail in debug builds where the call sits
// beside another one or in a condition.

extension Block128 {
  /// The block that 16 bytes spell, or nil for any other count.
  public init?(bytes: [UInt8]) { self.init(bytes: bytes.span) }
}

extension Block256 {
  /// The block that 32 bytes spell, or nil for any other count.
  public init?(bytes: [UInt8]) { self.init(bytes: bytes.span) }
}

extension SHA256 {
  /// The digest of `bytes`.
  public static func hash(_ bytes: [UInt8]) -> Block256 { hash(bytes.span) }
}

extension HMACSHA256 {
  /// A key of any length; one longer than a block (64 bytes) is hashed first, as the RFC says.
  public init(key: [UInt8]) { self.init(key: key.span) }

  /// The tag of `message`.
  public func tag(_ message: [UInt8]) -> Block256 { tag(message.span) }
}

extension HKDF {
  /// `count` bytes (1...8160) from `key`; an empty salt counts as 32 zero bytes.
  public static func derive(
    key: [UInt8], salt: [UInt8], info: [UInt8], count: Int
  ) -> [UInt8] {
    derive(key: key.span, salt: salt.span, info: info.span, count: count)
  }
}

extension PKCE {
  /// BASE64URL(SHA256(verifier)), 43 characters.
  public static func challenge(_ verifier: [UInt8]) -> [UInt8] { challenge(verifier.span) }

  /// Whether `verifier` answers `challenge`, in constant time.
  public static func verifier(_ verifier: [UInt8], answers challenge: [UInt8]) -> Bool {
    Self.verifier(verifier.span, answers: challenge.span)
  }
}

extension RootKey {
  /// A copy of `bytes`, or nil if there are not exactly 32. Wipe your own copy afterwards.
  public convenience init?(copying bytes: [UInt8]) { self.init(copying: bytes.span) }
}

extension TicketSeal {
  /// `payload` with its seal.
  public func seal(_ payload: [UInt8]) -> [UInt8] { seal(payload.span) }

  /// The payload of `sealed`, or nil if the seal does not fit.
  public func open(_ sealed: [UInt8]) -> [UInt8]? { open(sealed.span) }
}

/// Whether both hold the same bytes, in a time that depends on their lengths only.
public func matchesInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  matchesInConstantTime(left.span, right.span)
}
