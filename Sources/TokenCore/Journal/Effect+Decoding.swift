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
    case .tokenRevoked: row().map(Effect.tokenRevoked)
    case .tokenFreed: row().map(Effect.tokenFreed)
    case .grant: rowAndRecord().map { .grant($0, $1) }
    case .grantFreed: row().map(Effect.grantFreed)
    case .family: rowAndRecord().map { .family($0, $1) }
    case .familyFreed: row().map(Effect.familyFreed)
    case .code: rowAndRecord().map { .code($0, $1) }
    case .codeFreed: row().map(Effect.codeFreed)
    case .consent: rowAndRecord().map { .consent($0, $1) }
    case .consentFreed: row().map(Effect.consentFreed)
    case .app: rowAndRecord().map { .app($0, $1) }
    case .appFreed: row().map(Effect.appFreed)
    case .user: rowAndRecord().map { .user($0, $1) }
    case .userFreed: row().map(Effect.userFreed)
    case .ticketUsed: rowAndRecord().map { .ticketUsed($0, $1) }
    case .ticketFreed: row().map(Effect.ticketFreed)
    case .gateRaised: raised()
    case .scopeSet: text(atMost: Limits.scopeMaxBytes).map { .scopeSet($0, $1) }
    case .audience: text(atMost: Limits.audienceMaxBytes).map { .audience($0, $1) }
    case .settings: rowAndRecord().flatMap { row, settings in row == 1 ? .settings(settings) : nil }
    case .key: rowAndRecord().flatMap { row, key in row == UInt32(key.keyID) + 1 ? .key(key) : nil }
    case .retry: rowAndRecord().map { .retry($0, $1) }
    case .audit: rowAndRecord().map { .audit($0, $1) }
    case .moment: rowAndRecord().map { .moment($0, $1) }
    }
  }

  /// A row that some table can have.
  private mutating func row() -> UInt32? {
    let row = u32()
    return 1...UInt32(TokenIndex.maxSlot) ~= row ? row : nil
  }

  /// A text and its id; nil where it is longer than any.
  private mutating func text(atMost maxBytes: Int) -> (UInt16, [UInt8])? {
    let id = u16()
    let text = rest()
    return id != 0 && text.count <= maxBytes ? (id, text) : nil
  }

  /// A row, then a record without the zeros at its end. nil where it is longer than its type, or
  /// has a number that no version writes.
  private mutating func rowAndRecord<Record: StoredRecord>() -> (UInt32, Record)? {
    guard let row = row() else { return nil }
    var bytes = rest()
    guard bytes.count <= Record.byteCount else { return nil }
    bytes.append(contentsOf: repeatElement(0, count: Record.byteCount - bytes.count))
    guard Record.fields.allSatisfy({ $0.isPossible($0.number(in: bytes)) }) else { return nil }
    var reader = FieldReader(bytes)
    return (row, Record(from: &reader))
  }

  private mutating func issued() -> Effect? {
    guard let row = row() else { return nil }
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
    guard 1...63 ~= kind, position <= Limits.numberMax else { return nil }
    return .tokenIssued(
      row,
      TokenRecord(
        kind: kind, keyID: keyID, expirySeconds: expirySeconds, id: id, digest: digest,
        position: position, scopeSet: scopeSet, audience: audience, flags: flags, grant: grant,
        app: app, user: u32()))
  }

  private mutating func raised() -> Effect? {
    let number = u8()
    let owner = u32()
    let position = u64()
    guard position <= Limits.numberMax, owner <= TokenIndex.maxSlot else { return nil }
    let gate: Gate? =
      switch number {
      case 1...3 where owner == 0: nil
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
