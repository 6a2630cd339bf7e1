/// A VALIDATE body read in place: no allocation, no copy. It borrows the bytes it was made from
/// and cannot outlive them; ranges are offsets into those bytes, so they may be kept in plain
/// arrays for batching.
///
/// Making one checks the whole structure, so iterating over the tokens afterwards cannot fail.
public struct ValidateRequestView: ~Escapable {
  /// The body.
  public let body: RawSpan
  public let form: ValidateRequest.Form
  public let flags: UInt8
  public let atLeastPosition: UInt64
  /// UTF-8, checked.
  public let requiredScopes: Range<Int>
  /// UTF-8, checked.
  public let audience: Range<Int>
  /// Tokens in the request, 1...`WireLimits.validateTokens`.
  public let tokenCount: Int
  /// Offset of the first token's length.
  public let firstToken: Int

  /// Accepts exactly the bodies that `ValidateRequest(body:)` accepts.
  @_lifetime(copy body)
  public init(_ body: RawSpan) throws(WireFault) {
    var reader = WireReader(body)
    self.body = body
    form = try reader.enumeration(ValidateRequest.Form.self, "form")
    flags = try reader.validateFlags()
    atLeastPosition = try reader.u64("atLeastPosition")
    requiredScopes = try reader.textRange("requiredScopes")
    audience = try reader.textRange("audience")
    tokenCount = try reader.count("tokens", min: 1, max: WireLimits.validateTokens)
    firstToken = reader.position
    for _ in 0..<tokenCount { _ = try reader.bytesRange("tokens") }
  }

  /// Whether ANY_AUDIENCE is set.
  public var allowsAnyAudience: Bool { flags & ValidateRequest.anyAudience != 0 }

  /// A walk over the tokens, in order.
  public var tokens: TokenCursor { TokenCursor(next: firstToken, remaining: tokenCount) }

  /// Where a walk over the tokens stands. Plain values: it holds no bytes.
  public struct TokenCursor: Sendable {
    @usableFromInline var next: Int
    @usableFromInline var remaining: Int

    /// Tokens still to come.
    public var left: Int { remaining }
  }

  /// The range of the next token in `body`, or nil after the last.
  @inlinable
  public func nextToken(_ cursor: inout TokenCursor) -> Range<Int>? {
    guard cursor.remaining > 0 else { return nil }
    let raw = unsafe body.unsafeLoadUnaligned(fromByteOffset: cursor.next, as: UInt16.self)
    let start = cursor.next + 2
    let end = start + Int(UInt16(littleEndian: raw))
    cursor.next = end
    cursor.remaining -= 1
    return start..<end
  }

  /// The bytes of a range that this view gave out.
  @inlinable @_lifetime(copy self)
  public func bytes(_ range: Range<Int>) -> RawSpan { body.extracting(range) }
}
