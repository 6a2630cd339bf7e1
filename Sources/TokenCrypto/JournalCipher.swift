/// AES-256-GCM under the key of one journal segment: HKDF-SHA-256(root, salt = the segment's nonce,
/// info "signet/journal/v1").
///
/// A segment's key is its own and each number is sealed once in it, so no pair of key and nonce
/// comes twice; whoever calls `seal` answers for that.
public struct JournalCipher: ~Copyable, Sendable {
  private var cipher: NumberedCipher

  public static let info: StaticString = "signet/journal/v1"

  public init(_ root: RootKey, segmentNonce: Block128) {
    cipher = NumberedCipher(root, salt: segmentNonce, info: Self.info)
  }

  /// Encrypts `bytes[range]` where it lies and authenticates it together with `header`.
  public mutating func seal(
    _ bytes: inout [UInt8], _ range: Range<Int>, number: UInt64, header: [UInt8]
  ) -> Block128 {
    unsafe bytes.withUnsafeMutableBytes { all in
      let text = unsafe UnsafeMutableRawBufferPointer(rebasing: all[range])
      return unsafe cipher.seal(
        UnsafeRawBufferPointer(text), into: text, number: number, header: header)
    }
  }

  /// The plaintext of `bytes[range]`, or nil if the key, number, header, text and tag do not belong
  /// together.
  public mutating func open(
    _ bytes: [UInt8], _ range: Range<Int>, number: UInt64, header: [UInt8], tag: Block128
  ) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: range.count)
    let isGood = unsafe bytes.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { target in
        unsafe cipher.open(
          UnsafeRawBufferPointer(rebasing: input[range]), into: target, number: number,
          header: header, tag: tag)
      }
    }
    return isGood ? output : nil
  }
}

/// HMAC-SHA-256, cut to 128 bits, over the journal's single blocks (format, segment headers,
/// witness), under a key of its own: HKDF(root, empty salt, info "signet/journal/block/v1").
public struct JournalMAC: ~Copyable, Sendable {
  private let mac: HMACSHA256

  public static let info: StaticString = "signet/journal/block/v1"

  public init(_ root: RootKey) {
    mac = HMACSHA256(key: root.journalKey(salt: [], info: Self.info))
  }

  /// The tag of a block.
  public func tag(_ bytes: [UInt8]) -> Block128 { mac.tag(bytes).firstHalf }
}

extension RootKey {
  /// A key of 32 bytes for the journal.
  func journalKey(salt: [UInt8], info: StaticString) -> SecretBytes {
    let infoBytes = unsafe [UInt8](
      UnsafeBufferPointer(start: info.utf8Start, count: info.utf8CodeUnitCount))
    var derived = withBytes { root in
      HKDF.derive(key: root, salt: salt.span, info: infoBytes.span, count: 32)
    }
    let secret = SecretBytes(count: derived.count)
    unsafe derived.withUnsafeBytes { unsafe secret.bytes.copyMemory(from: $0) }
    wipe(&derived)
    return secret
  }
}
