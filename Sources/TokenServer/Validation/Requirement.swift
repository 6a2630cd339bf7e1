internal import TokenWire

/// What a VALIDATE asks of every token in it: scopes, and the audience that the caller is.
struct Requirement: ~Escapable {
  private let scopes: RawSpan
  private let audience: RawSpan
  private let allowsAnyAudience: Bool

  @_lifetime(copy scopes, copy audience)
  init(scopes: RawSpan, audience: RawSpan, allowsAnyAudience: Bool) {
    self.scopes = scopes
    self.audience = audience
    self.allowsAnyAudience = allowsAnyAudience
  }

  var asksForScopes: Bool { scopes.byteCount > 0 }

  /// The field whose content breaks its rule; nil = both may be asked for.
  var badField: String? {
    if !isScopeText { return "requiredScopes" }
    return audience.byteCount > WireLimits.audienceBytes ? "audience" : nil
  }

  /// Scope tokens of RFC 6749 section 3.3 with exactly one space between them, within the limits;
  /// or nothing. Walked in place, since this is on the way of every VALIDATE.
  private var isScopeText: Bool {
    if scopes.byteCount == 0 { return true }
    guard scopes.byteCount <= WireLimits.scopeBytes else { return false }
    var (start, distinct) = (0, 0)
    while start <= scopes.byteCount {
      let end = Self.wordEnd(scopes, start)
      guard end > start, Self.isScopeToken(scopes, start..<end) else { return false }
      if !Self.contains(scopes.extracting(0..<start), scopes, start..<end) { distinct += 1 }
      start = end + 1
    }
    return distinct <= WireLimits.scopeTokens
  }

  /// `%x21 / %x23-5B / %x5D-7E`.
  private static func isScopeToken(_ text: RawSpan, _ range: Range<Int>) -> Bool {
    for index in range {
      let byte = byte(text, index)
      guard byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte) else {
        return false
      }
    }
    return true
  }

  /// A token without an audience passes where none is named; one with an audience passes where that
  /// one is named, or where any is allowed.
  func accepts(audience token: RawSpan) -> Bool {
    #if PLANTED
      if planted(.audienceSkipped) { return true }
    #endif
    if token.byteCount == 0 { return audience.byteCount == 0 }
    if allowsAnyAudience { return true }
    return Self.equal(token, 0..<token.byteCount, audience, 0..<audience.byteCount)
  }

  /// Every scope asked for is among the token's, which are separated by single spaces.
  func accepts(scope token: RawSpan) -> Bool {
    #if PLANTED
      if planted(.scopeSkipped) { return true }
    #endif
    var start = 0
    while start < scopes.byteCount {
      let end = Self.wordEnd(scopes, start)
      if end > start && !Self.contains(token, scopes, start..<end) { return false }
      start = end + 1
    }
    return true
  }

  private static func contains(_ token: RawSpan, _ scopes: RawSpan, _ wanted: Range<Int>) -> Bool {
    var start = 0
    while start < token.byteCount {
      let end = wordEnd(token, start)
      if equal(token, start..<end, scopes, wanted) { return true }
      start = end + 1
    }
    return false
  }

  private static func wordEnd(_ text: RawSpan, _ start: Int) -> Int {
    var end = start
    while end < text.byteCount && byte(text, end) != 0x20 { end += 1 }
    return end
  }

  private static func equal(
    _ left: RawSpan, _ leftRange: Range<Int>, _ right: RawSpan, _ rightRange: Range<Int>
  ) -> Bool {
    guard leftRange.count == rightRange.count else { return false }
    for offset in 0..<leftRange.count
    where byte(left, leftRange.lowerBound + offset) != byte(right, rightRange.lowerBound + offset) {
      return false
    }
    return true
  }

  /// The index is within the span: every caller walks a range of it.
  private static func byte(_ text: RawSpan, _ index: Int) -> UInt8 {
    precondition(index >= 0 && index < text.byteCount)
    return unsafe text.unsafeLoad(fromByteOffset: index, as: UInt8.self)
  }
}
