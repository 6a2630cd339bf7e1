// The records of the bookkeeping tables: retries, audit, moments, keys.

extension RetryRecord: StoredRecord {
  static let kind = RecordKind.retry
  static let byteCount = 4 + 2 + 1 + 1 + 3 * 16 + 2 * 8 + 8 * StoredOutcome.capacity
  static let fields: [RowField] = [.position(at: 56), .time(at: 64)]

  init(from reader: inout FieldReader) {
    let peerUID = reader.u32()
    let operation = reader.u16()
    let keyID = reader.u8()
    let count = min(Int(reader.u8()), StoredOutcome.capacity)
    let key = reader.id()
    let bodyDigest = reader.id()
    let seed = reader.id()
    let position = reader.u64()
    let atMillis = reader.u64()
    let numbers = (0..<StoredOutcome.capacity).map { _ in reader.u64() }
    self.init(
      peerUID: peerUID, key: key, operation: operation, bodyDigest: bodyDigest, seed: seed,
      keyID: keyID, position: position, atMillis: atMillis,
      outcome: StoredOutcome(numbers: Array(numbers.prefix(count))))
  }

  func write(to writer: inout FieldWriter) {
    writer.u32(peerUID)
    writer.u16(operation)
    writer.u8(keyID)
    writer.u8(UInt8(outcome.numbers.count))
    writer.id(key)
    writer.id(bodyDigest)
    writer.id(seed)
    writer.u64(position)
    writer.u64(atMillis)
    for number in outcome.numbers { writer.u64(number) }
    writer.zeros(8 * (StoredOutcome.capacity - outcome.numbers.count))
  }
}

extension AuditRecord: StoredRecord {
  static let kind = RecordKind.audit
  /// The word that a start reads without decoding the record.
  static let positionOffset = 0
  static let byteCount = 2 * 8 + 1 + 1 + 2 + 4 + 2 * (2 + Limits.userIDMaxBytes) + (2 + 26)
  static let fields: [RowField] = [.position(at: positionOffset), .time(at: 8)]

  init(from reader: inout FieldReader) {
    let position = reader.u64()
    let atMillis = reader.u64()
    let event = Event(rawValue: reader.u8()) ?? .appRegistered
    _ = reader.u8()
    let refusal = reader.u16()
    let peerUID = reader.u32()
    let actor = reader.text(capacity: Limits.userIDMaxBytes)
    let user = reader.text(capacity: Limits.userIDMaxBytes)
    self.init(
      position: position, atMillis: atMillis, event: event, refusal: refusal, peerUID: peerUID,
      actor: actor, user: user, clientID: reader.text(capacity: 26))
  }

  func write(to writer: inout FieldWriter) {
    writer.u64(position)
    writer.u64(atMillis)
    writer.u8(event.rawValue)
    writer.u8(0)
    writer.u16(refusal)
    writer.u32(peerUID)
    writer.text(actor, capacity: Limits.userIDMaxBytes)
    writer.text(user, capacity: Limits.userIDMaxBytes)
    writer.text(clientID, capacity: 26)
  }
}

extension Moment: StoredRecord {
  static let kind = RecordKind.moment
  static let byteCount = 2 * 8
  /// REVOKE_BEFORE looks at every moment, and at these alone.
  static let positionOffset = 0
  static let timeOffset = 8
  static let fields: [RowField] = [.position(at: positionOffset), .time(at: timeOffset)]

  init(from reader: inout FieldReader) {
    let position = reader.u64()
    self.init(position: position, atMillis: reader.u64())
  }

  func write(to writer: inout FieldWriter) {
    writer.u64(position)
    writer.u64(atMillis)
  }
}

extension SigningKey: StoredRecord {
  static let kind = RecordKind.key
  /// The state is the second byte: what asks whether a key is usable reads this word alone.
  static let stateShift: UInt64 = 8
  static let byteCount = 1 + 1 + 16 + 8
  static let fields: [RowField] = [.time(at: 18)]

  init(from reader: inout FieldReader) {
    let keyID = reader.u8()
    let state = State(rawValue: reader.u8()) ?? .retired
    let salt = reader.id()
    self.init(keyID: keyID, state: state, salt: salt, createdAtMillis: reader.u64())
  }

  func write(to writer: inout FieldWriter) {
    writer.u8(keyID)
    writer.u8(state.rawValue)
    writer.id(salt)
    writer.u64(createdAtMillis)
  }
}
