// Effect → bytes: u8 type, u8 version, u16 number of body bytes, body. A body that holds a record
// holds the slot and the record's stored form without its zero bytes at the end.

extension FieldWriter {
  /// Appends the effect; nothing for one that is not kept.
  mutating func effect(_ effect: Effect) {
    switch effect {
    case .tokenIssued(let slot, let record): issued(slot, record)
    case .tokenRevoked(let slot): slotted(.tokenRevoked, slot)
    case .tokenFreed(let slot): slotted(.tokenFreed, slot)
    case .grant(let slot, let grant): stored(.grant, slot, grant)
    case .grantFreed(let slot): slotted(.grantFreed, slot)
    case .family(let slot, let family): stored(.family, slot, family)
    case .familyFreed(let slot): slotted(.familyFreed, slot)
    case .code(let slot, let code): stored(.code, slot, code)
    case .codeFreed(let slot): slotted(.codeFreed, slot)
    case .consent(let slot, let consent): stored(.consent, slot, consent)
    case .consentFreed(let slot): slotted(.consentFreed, slot)
    case .app(let slot, let app): stored(.app, slot, app)
    case .appFreed(let slot): slotted(.appFreed, slot)
    case .user(let slot, let user): stored(.user, slot, user)
    case .userFreed(let slot): slotted(.userFreed, slot)
    case .ticketUsed(let slot, let ticket): stored(.ticketUsed, slot, ticket)
    case .ticketFreed(let slot): slotted(.ticketFreed, slot)
    case .gateRaised(let gate, let position): raised(gate, position)
    case .scopeSet(let id, let text): interned(.scopeSet, id, text)
    case .audience(let id, let text): interned(.audience, id, text)
    case .settings(let settings): stored(.settings, 1, settings)
    case .key(let key): stored(.key, UInt32(key.keyID) + 1, key)
    case .retry(let slot, let retry): stored(.retry, slot, retry)
    case .audit(let slot, let record): stored(.audit, slot, record)
    case .moment(let slot, let moment): stored(.moment, slot, moment)
    case .clientAuthenticationFailed, .dynamicRegistration, .newTextOfApp: break
    }
  }

  private mutating func begin(_ code: EffectCode, bodyBytes: Int) {
    precondition(bodyBytes <= Int(UInt16.max), "every record is far smaller")
    u8(code.rawValue)
    u8(EffectCode.version)
    u16(UInt16(bodyBytes))
  }

  private mutating func slotted(_ code: EffectCode, _ slot: UInt32) {
    begin(code, bodyBytes: 4)
    u32(slot)
  }

  private mutating func stored<Record: StoredRecord>(
    _ code: EffectCode, _ slot: UInt32, _ record: Record
  ) {
    let mark = bytes.count
    begin(code, bodyBytes: 0)
    u32(slot)
    let first = bytes.count
    record.write(to: &self)
    precondition(bytes.count == first + Record.byteCount, "a record has a fixed size")
    dropZeros(behind: first)
    replace(at: mark + 2, u16: UInt16(bytes.count - first + 4))
  }

  /// The effect there are most of, in one piece: type, version, size and slot; kind, key, flags and
  /// expiry; id; digest; position; scopes, audience and grant; application and user.
  private mutating func issued(_ slot: UInt32, _ record: TokenRecord) {
    let code = UInt64(EffectCode.tokenIssued.rawValue) | UInt64(EffectCode.version) << 8
    let bodyBytes: UInt64 = 9 * 8 - 4  // behind its own four bytes
    let kinds = UInt64(record.kind) | UInt64(record.keyID) << 8 | UInt64(record.flags) << 16
    let texts = UInt64(record.scopeSet) | UInt64(record.audience) << 16
    words([
      code | bodyBytes << 16 | UInt64(slot) << 32, kinds | UInt64(record.expirySeconds) << 32,
      record.id.word0, record.id.word1, record.digest.word0, record.digest.word1, record.position,
      texts | UInt64(record.grant) << 32, UInt64(record.app) | UInt64(record.user) << 32,
    ])
  }

  private mutating func raised(_ gate: Gate, _ position: UInt64) {
    begin(.gateRaised, bodyBytes: 13)
    let (number, owner): (UInt8, UInt32) =
      switch gate {
      case .grant(let slot): (1, slot)
      case .app(let slot): (2, slot)
      case .user(let slot): (3, slot)
      case .key(let id): (4, UInt32(id))
      case .service: (5, 0)
      }
    u8(number)
    u32(owner)
    u64(position)
  }

  private mutating func interned(_ code: EffectCode, _ id: UInt16, _ text: [UInt8]) {
    begin(code, bodyBytes: 2 + text.count)
    u16(id)
    raw(text)
  }
}
