internal import COpenSSL

/// What checking a tag found.
public enum TagVerdict: UInt8, Sendable {
  /// The tag is the key's.
  case authentic
  /// The key is known and the tag is not its.
  case forged
  /// The key id names no key, or a retired one; the tag was not looked at.
  case unknownKey
}

/// Makes and checks the tags of signed tokens:
///
///     first 16 bytes of HMAC-SHA-256(key, kind ‖ version ‖ key id ‖ id word 0 ‖ id word 1)
///
/// with one byte each for kind (`a`, `r` or `c`), version (1) and key id, and the words
/// little-endian: 19 bytes, so two SHA-256 blocks a tag. No allocation, no lock.
///
/// Each thread makes its own from the current keyset, and a new one when the generation moves.
@safe
public struct TokenSigner: ~Copyable {
  /// The version of signed token bodies, as it stands under the MAC.
  public static let version: UInt8 = 1

  private let keyset: TokenKeyset
  /// Invariant: `keyset.states`, alive and constant as long as `keyset` is held.
  private let states: UnsafeRawPointer

  public init(_ keyset: TokenKeyset) {
    self.keyset = keyset
    unsafe states = UnsafeRawPointer(keyset.states.base)
  }

  /// The generation of the keyset this was made from.
  public var generation: UInt64 { keyset.generation }

  /// The id of the key that signs new tokens.
  public var primaryKeyID: UInt8 { keyset.primaryKeyID }

  /// The tag of (kind, id) under the key `keyID`, or nil if that is unknown or retired. `kind` is
  /// the token kind's MAC byte.
  public func sign(kind: UInt8, keyID: UInt8, id: Block128) -> Block128? {
    guard let state = unsafe state(keyID) else { return nil }
    return unsafe Self.tag(state, kind: kind, keyID: keyID, id: id)
  }

  /// Whether `tag` is the tag of (kind, id) under the key `keyID`; compares in constant time.
  public func verify(kind: UInt8, keyID: UInt8, id: Block128, tag: Block128) -> TagVerdict {
    guard let state = unsafe state(keyID) else { return .unknownKey }
    let expected = unsafe Self.tag(state, kind: kind, keyID: keyID, id: id)
    #if PLANTED
      if planted(.macComparedShort) { return expected.word0 == tag.word0 ? .authentic : .forged }
    #endif
    return expected.matches(tag) ? .authentic : .forged
  }

  /// The HMAC state of `keyID`, if it may be used.
  ///
  /// Invariant: the index holds 0 or a number from 1 to the count of states that follow it.
  @inline(__always)
  private func state(_ keyID: UInt8) -> UnsafePointer<UInt32>? {
    let number = unsafe Int(states.load(fromByteOffset: Int(keyID) * 2, as: UInt16.self))
    guard number != 0 else { return nil }
    let offset = TokenKeyset.indexBytes + (number - 1) * TokenKeyset.stateBytes
    return unsafe (states + offset).assumingMemoryBound(to: UInt32.self)
  }

  @inline(__always)
  private static func tag(
    _ state: UnsafePointer<UInt32>, kind: UInt8, keyID: UInt8, id: Block128
  ) -> Block128 {
    let header = UInt32(kind) | UInt32(version) << 8 | UInt32(keyID) << 16
    var words: InlineArray<2, UInt64> = .init(repeating: 0)
    var span = words.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { output in
      unsafe copenssl_token_tag(state, header, id.word0, id.word1, output.baseAddress)
    }
    return Block128(word0: words[0], word1: words[1])
  }
}
