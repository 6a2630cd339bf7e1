/// Why journaled bytes are no effects. The bytes were authenticated before, so this is a journal of
/// a later version or a bug of the version that wrote it.
public enum EffectFault: Error, Equatable, Sendable {
  /// A type or version that this program does not know.
  case unknown(type: UInt8, version: UInt8)
  /// The body of a known type has a wrong size or a value that no version writes.
  case malformed(type: UInt8)
  /// The bytes around the effects do not add up.
  case framing
}

extension FieldReader {
  /// The next effect.
  mutating func effect() throws(EffectFault) -> Effect {
    let type = u8()
    let version = u8()
    let body = raw(Int(u16()))
    if isShort { throw .framing }
    guard let code = EffectCode(rawValue: type), version == EffectCode.version else {
      throw .unknown(type: type, version: version)
    }
    var reader = FieldReader(body)
    guard let effect = reader.body(code), !reader.isShort, reader.isAtEnd else {
      throw .malformed(type: type)
    }
    return effect
  }

  private mutating func body(_ code: EffectCode) -> Effect? {
    switch code {
    case .tokenIssued: issued()
    case .tokenRevoked: .tokenRevoked(u32())
    case .tokenFreed: .tokenFreed(u32())
    case .grant: slotAndRecord().map { .grant($0, $1) }
    case .grantFreed: .grantFreed(u32())
    case .family: slotAndRecord().map { .family($0, $1) }
    case .familyFreed: .familyFreed(u32())
    case .code: slotAndRecord().map { .code($0, $1) }
    case .codeFreed: .codeFreed(u32())
    case .consent: slotAndRecord().map { .consent($0, $1) }
    case .consentFreed: .consentFreed(u32())
    case .app: slotAndRecord().map { .app($0, $1) }
    case .appFreed: .appFreed(u32())
    case .user: slotAndRecord().map { .user($0, $1) }
    case .userFreed: .userFreed(u32())
    case .ticketUsed: slotAndRecord().map { .ticketUsed($0, $1) }
    case .ticketFreed: .ticketFreed(u32())
    case .gateRaised: raised()
    case .scopeSet: .scopeSet(u16(), rest())
    case .audience: .audience(u16(), rest())
    case .settings: slotAndRecord().map { .settings($1) }
    case .key: slotAndRecord().map { .key($1) }
    case .retry: slotAndRecord().map { .retry($0, $1) }
    case .audit: slotAndRecord().map { .audit($0, $1) }
    case .moment: slotAndRecord().map { .moment($0, $1) }
    }
  }

  /// A slot, then a record without the zeros at its end. nil where it is longer than its type.
  private mutating func slotAndRecord<Record: StoredRecord>() -> (UInt32, Record)? {
    let slot = u32()
    var bytes = rest()
    guard bytes.count <= Record.byteCount else { return nil }
    bytes.append(contentsOf: repeatElement(0, count: Record.byteCount - bytes.count))
    var reader = FieldReader(bytes)
    return (slot, Record(from: &reader))
  }

  private mutating func issued() -> Effect {
    let slot = u32()
    let kind = u8()
    let keyID = u8()
    let flags = u16()
    let expirySeconds = u32()
    let id = self.id()
    let digest0 = u64()
    let digest = TokenDigest(word0: digest0, word1: u64())
    let position = u64()
    let scopeSet = u16()
    let audience = u16()
    let grant = u32()
    let app = u32()
    return .tokenIssued(
      slot,
      TokenRecord(
        kind: kind, keyID: keyID, expirySeconds: expirySeconds, id: id, digest: digest,
        position: position, scopeSet: scopeSet, audience: audience, flags: flags, grant: grant,
        app: app, user: u32()))
  }

  private mutating func raised() -> Effect? {
    let number = u8()
    let owner = u32()
    let position = u64()
    let gate: Gate? =
      switch number {
      case 1: .grant(owner)
      case 2: .app(owner)
      case 3: .user(owner)
      case 4: UInt8(exactly: owner).map { .key($0) }
      case 5: owner == 0 ? .service : nil
      default: nil
      }
    return gate.map { .gateRaised($0, position: position) }
  }
}
