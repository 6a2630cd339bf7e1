/// A set of scopes in its one spelling: tokens of RFC 6749 3.3 without repetition, sorted by bytes,
/// one space between. At most 16 of them, at most 128 bytes.
public struct ScopeSet: Equatable, Sendable {
  public let scopes: [[UInt8]]

  /// Reads a space-separated list; nil where a character, the number or the length is not allowed.
  /// The empty text is the empty set.
  public init?(_ text: [UInt8]) {
    guard text.count <= Limits.scopeMaxBytes else { return nil }
    if !text.contains(0x20) {
      // Most have one scope, or none.
      guard text.allSatisfy(Self.isScopeByte) else { return nil }
      scopes = text.isEmpty ? [] : [text]
      return
    }
    var scopes: [[UInt8]] = []
    for part in text.split(separator: 0x20, omittingEmptySubsequences: false) {
      guard !part.isEmpty, part.allSatisfy(Self.isScopeByte) else { return nil }
      scopes.append(Array(part))
    }
    scopes.sort { $0.lexicographicallyPrecedes($1) }
    var distinct: [[UInt8]] = []
    for scope in scopes where distinct.last != scope { distinct.append(scope) }
    guard distinct.count <= Limits.scopesMaxCount else { return nil }
    self.scopes = distinct
  }

  private init(sorted scopes: [[UInt8]]) { self.scopes = scopes }

  /// Whether the set has no scope; its text is then empty too.
  public var isEmpty: Bool { scopes.isEmpty }

  /// The one spelling.
  public var text: [UInt8] {
    scopes.count == 1 ? scopes[0] : Array(scopes.joined(separator: [0x20]))
  }

  /// Whether every scope is in `other` too, compared by bytes; the empty set is a subset of any.
  public func isSubset(of other: ScopeSet) -> Bool {
    scopes.allSatisfy { other.scopes.contains($0) }
  }

  /// The scopes that are not in `other`.
  public func subtracting(_ other: ScopeSet) -> ScopeSet {
    ScopeSet(sorted: scopes.filter { !other.scopes.contains($0) })
  }

  /// Both sets together; nil where that is more than one set may hold.
  public func union(_ other: ScopeSet) -> ScopeSet? {
    ScopeSet(Array((scopes + other.scopes).joined(separator: [0x20])))
  }

  /// `%x21 / %x23-5B / %x5D-7E` (RFC 6749 3.3).
  private static func isScopeByte(_ byte: UInt8) -> Bool {
    byte == 0x21 || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
  }
}
