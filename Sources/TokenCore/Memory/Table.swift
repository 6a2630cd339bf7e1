/// The tables, in the order of the snapshot format: append only.
public enum Table: Int, CaseIterable, Sendable {
  case tokens, scopeSets, audiences
  case apps, users, grants, families, codes, consents, tickets, retries, auditRecords, moments
  case keys, settings

  /// The table of a kind of record.
  public init(_ kind: RecordKind) {
    switch kind {
    case .app: self = .apps
    case .user: self = .users
    case .grant: self = .grants
    case .family: self = .families
    case .code: self = .codes
    case .consent: self = .consents
    case .ticket: self = .tickets
    case .retry: self = .retries
    case .audit: self = .auditRecords
    case .moment: self = .moments
    case .key: self = .keys
    case .setting: self = .settings
    }
  }

  /// As settings, reports and messages call it.
  public var name: String { TableUse.names[rawValue] }
}

extension ArenaLimits {
  /// The highest row that the table has room for.
  public func capacity(_ table: Table) -> Int {
    switch table {
    case .tokens: tokenCapacity
    case .scopeSets: scopeSetCapacity
    case .audiences: audienceCapacity
    case .apps: self[.app].capacity
    case .users: self[.user].capacity
    case .grants: self[.grant].capacity
    case .families: self[.family].capacity
    case .codes: self[.code].capacity
    case .consents: self[.consent].capacity
    case .tickets: self[.ticket].capacity
    case .retries: self[.retry].capacity
    case .auditRecords: self[.audit].capacity
    case .moments: self[.moment].capacity
    case .keys: self[.key].capacity
    case .settings: self[.setting].capacity
    }
  }
}
