/// The token keys of one moment, ready to use: a snapshot that never changes, so any thread may
/// hold it. A rotation or retirement makes a new one with the next generation, and each worker
/// builds its `TokenSigner` from that.
///
/// Costs one HKDF (some microseconds) for each key that is not retired.
public final class TokenKeyset: Sendable {
  /// Which snapshot this is; the caller counts.
  public let generation: UInt64
  /// The id of the key that signs new tokens.
  public let primaryKeyID: UInt8
  /// All keys, retired ones too, in the order given.
  public let keys: [TokenKey]

  /// Two parts: 256 words of 16 bits, for each key id the number of its state (from 1, 0 = none);
  /// then the HMAC states, 64 bytes each. Written in `init` only.
  let states: SecretBytes

  static let indexBytes = 512
  static let stateBytes = 64

  public init(
    root: RootKey, keys: [TokenKey], generation: UInt64
  ) throws(TokenKeysetFault) {
    primaryKeyID = try Self.primary(of: keys)
    self.keys = keys
    self.generation = generation
    let active = keys.filter { $0.state != .retired }
    states = SecretBytes(count: Self.indexBytes + active.count * Self.stateBytes)
    for (number, key) in active.enumerated() {
      let secret = root.tokenKey(salt: key.salt)
      unsafe HMACSHA256.prepare(
        states.base + Self.indexBytes + number * Self.stateBytes,
        key: UnsafeRawBufferPointer(secret.bytes))
      unsafe states.base.storeBytes(
        of: UInt16(number + 1), toByteOffset: Int(key.keyID) * 2, as: UInt16.self)
    }
  }

  private static func primary(of keys: [TokenKey]) throws(TokenKeysetFault) -> UInt8 {
    var seen: InlineArray<256, Bool> = .init(repeating: false)
    var primary: UInt8?
    for key in keys {
      if seen[Int(key.keyID)] { throw .duplicate(keyID: key.keyID) }
      seen[Int(key.keyID)] = true
      guard key.state == .primary else { continue }
      if primary != nil { throw .secondPrimary(keyID: key.keyID) }
      primary = key.keyID
    }
    guard let primary else { throw .noPrimary }
    return primary
  }
}
