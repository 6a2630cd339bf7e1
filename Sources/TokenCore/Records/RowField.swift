/// A field of a stored record that must not be just anything: where it lies, and what it is. What
/// comes from a disk is held against this before anything is built on it.
struct RowField: Sendable {
  /// What the field's number means.
  enum Meaning: Sendable, Equatable {
    /// A commit position, 8 bytes.
    case position
    /// Unix milliseconds, 8 bytes.
    case time
    /// A row of another table, 4 bytes, or 2 where that is a table of texts; 0 = none.
    case row(Table)
  }

  /// In the record's stored form.
  let offset: Int
  let meaning: Meaning

  static func position(at offset: Int) -> RowField { RowField(offset: offset, meaning: .position) }
  static func time(at offset: Int) -> RowField { RowField(offset: offset, meaning: .time) }

  static func row(_ table: Table, at offset: Int) -> RowField {
    RowField(offset: offset, meaning: .row(table))
  }

  var byteCount: Int {
    switch meaning {
    case .position, .time: 8
    case .row(.scopeSets), .row(.audiences): 2
    case .row: 4
    }
  }

  /// The field's number in a record's stored form.
  func number(in record: [UInt8]) -> UInt64 {
    var number: UInt64 = 0
    for index in 0..<byteCount { number |= UInt64(record[offset + index]) << UInt64(8 * index) }
    return number
  }

  /// Whether any version writes such a number there.
  func isPossible(_ number: UInt64) -> Bool {
    switch meaning {
    case .position, .time: number <= Limits.numberMax
    case .row: number <= UInt64(TokenIndex.maxSlot)
    }
  }
}

extension RecordKind {
  /// The fields of the table's records that are to be looked at.
  var fields: [RowField] {
    switch self {
    case .app: ClientApplication.fields
    case .user: User.fields
    case .grant: Grant.fields
    case .family: RefreshFamily.fields
    case .code: AuthorizationCode.fields
    case .consent: Consent.fields
    case .ticket: UsedTicket.fields
    case .retry: RetryRecord.fields
    case .audit: AuditRecord.fields
    case .moment: Moment.fields
    case .key: SigningKey.fields
    case .setting: Settings.fields
    }
  }
}
