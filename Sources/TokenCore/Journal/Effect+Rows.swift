extension Effect {
  /// Every row that the effect fills, frees, closes off or names, with its table: what the tables
  /// must have room for.
  public func forEachRow(_ body: (_ table: Table, _ row: Int) -> Void) {
    switch self {
    case .tokenIssued(let row, let record):
      body(.tokens, Int(row))
      body(.scopeSets, Int(record.scopeSet))
      body(.audiences, Int(record.audience))
      body(.grants, Int(record.grant))
      body(.apps, Int(record.app))
      body(.users, Int(record.user))
    case .tokenRevoked(let row), .tokenFreed(let row): body(.tokens, Int(row))
    case .grant(let row, let record): Self.rows(row, record, body)
    case .grantFreed(let row): body(.grants, Int(row))
    case .family(let row, let record): Self.rows(row, record, body)
    case .familyFreed(let row): body(.families, Int(row))
    case .code(let row, let record): Self.rows(row, record, body)
    case .codeFreed(let row): body(.codes, Int(row))
    case .consent(let row, let record): Self.rows(row, record, body)
    case .consentFreed(let row): body(.consents, Int(row))
    case .app(let row, let record): Self.rows(row, record, body)
    case .appFreed(let row): body(.apps, Int(row))
    case .user(let row, let record): Self.rows(row, record, body)
    case .userFreed(let row): body(.users, Int(row))
    case .ticketUsed(let row, let record): Self.rows(row, record, body)
    case .ticketFreed(let row): body(.tickets, Int(row))
    case .gateRaised(.grant(let row), _): body(.grants, Int(row))
    case .gateRaised(.app(let row), _): body(.apps, Int(row))
    case .gateRaised(.user(let row), _): body(.users, Int(row))
    case .scopeSet(let id, _): body(.scopeSets, Int(id))
    case .audience(let id, _): body(.audiences, Int(id))
    case .retry(let row, let record): Self.rows(row, record, body)
    case .audit(let row, let record): Self.rows(row, record, body)
    case .moment(let row, let record): Self.rows(row, record, body)
    // Their rows follow from what they are, and what is not kept fills none.
    case .gateRaised(.key, _), .gateRaised(.service, _), .settings, .key,
      .clientAuthenticationFailed, .dynamicRegistration, .newTextOfApp:
      break
    }
  }

  private static func rows<Record: StoredRecord>(
    _ row: UInt32, _ record: Record, _ body: (_ table: Table, _ row: Int) -> Void
  ) {
    body(Table(Record.kind), Int(row))
    guard Record.namesRows else { return }
    let bytes = record.encoded()
    for field in Record.fields {
      if case .row(let table) = field.meaning { body(table, Int(field.number(in: bytes))) }
    }
  }
}

extension StoredRecord {
  /// Whether its fields name rows of other tables.
  fileprivate static var namesRows: Bool {
    fields.contains { if case .row = $0.meaning { true } else { false } }
  }
}
