/// Why a commit that was read back cannot be performed on a state. A journal's MAC says who wrote
/// it, and not that it was written right.
public enum ReplayFault: Error, Equatable, Sendable {
  /// A row that the table has no room for.
  case noRoom(table: Table, row: Int, capacity: Int)
  /// What it does cannot happen to the state as it is; in words, for a message.
  case impossible(String)
}

extension ServiceState {
  /// Performs a commit that was read back, as ``apply(_:at:)`` does, and takes nothing for granted.
  /// After an error the state is to be thrown away.
  public mutating func replay(_ commit: JournaledCommit) throws(ReplayFault) {
    guard commit.position > position, commit.position <= Limits.numberMax else {
      throw .impossible("position \(commit.position) comes after \(position)")
    }
    var named = NamedRows()
    var hasKey = false
    for effect in commit.effects {
      named.note(effect)
      if let table = named.first(above: { arena.layout.limits.capacity($0) }) {
        throw .noRoom(
          table: table, row: named[table], capacity: arena.layout.limits.capacity(table))
      }
      if let objection = objection(to: effect, at: commit.position) { throw .impossible(objection) }
      perform(effect)
      if case .key = effect { hasKey = true }
    }
    // Rows may be named before they are filled, and a rotation puts two keys.
    if let table = named.first(above: { highWater($0) }) {
      throw .impossible(
        "row \(named[table]) of the table \(table.name) is named and was never used")
    }
    if hasKey, signingKeys.count(where: { $0.state == .primary }) != 1 {
      throw .impossible("not one primary key")
    }
    position = commit.position
  }

  private func highWater(_ table: Table) -> Int {
    switch table {
    case .tokens: tokens.highWater
    case .scopeSets: scopeSets.count
    case .audiences: audiences.count
    case .apps: apps.highWater
    case .users: users.highWater
    case .grants: grants.highWater
    case .families: families.highWater
    case .codes: codes.highWater
    case .consents: consents.highWater
    case .tickets: tickets.highWater
    case .retries: retries.highWater
    case .auditRecords: auditTrail.highWater
    case .moments: moments.highWater
    case .keys: keys.highWater
    case .settings: settingsTable.highWater
    }
  }

  /// Why the effect, whose rows the tables have room for, cannot happen now; nil where it can.
  private func objection(to effect: Effect, at position: UInt64) -> String? {
    switch effect {
    case .tokenIssued(let row, let record):
      if tokens.reader.isTaken(row) || findToken(record.id) != nil {
        return Self.taken(.tokens, row)
      }
      return Self.toCome(record.position, position)
    case .tokenRevoked(let row): return tokens.isLive(row) ? nil : Self.empty(.tokens, row)
    case .tokenFreed(let row): return tokens.reader.isTaken(row) ? nil : Self.empty(.tokens, row)
    case .grant(let row, let new): return objection(to: new, in: row, at: position)
    case .family(let row, let new): return objection(to: new, in: row, at: position)
    case .code(let row, let new): return objection(to: new, in: row, at: position)
    case .consent(let row, let new): return objection(to: new, in: row)
    case .app(let row, let new):
      let other =
        apps.isLive(row)
        ? clientIDOfApp(row) == new.clientID ? nil : row : findAppSlot(new.clientID)
      return other.map { _ in Self.taken(.apps, row) }
    case .user(let row, let new):
      let isSame = users[row].map { $0.id == new.id } ?? (findUserSlot(new.id) == nil)
      return isSame ? nil : Self.taken(.users, row)
    case .grantFreed(let row): return grants.isLive(row) ? nil : Self.empty(.grants, row)
    case .familyFreed(let row): return families.isLive(row) ? nil : Self.empty(.families, row)
    case .codeFreed(let row): return codes.isLive(row) ? nil : Self.empty(.codes, row)
    case .consentFreed(let row): return consents.isLive(row) ? nil : Self.empty(.consents, row)
    case .appFreed(let row): return apps.isLive(row) ? nil : Self.empty(.apps, row)
    case .userFreed(let row): return users.isLive(row) ? nil : Self.empty(.users, row)
    case .ticketUsed(let row, let new):
      return tickets.isLive(row) || isTicketUsed(new.id) ? Self.taken(.tickets, row) : nil
    case .ticketFreed(let row): return tickets.isLive(row) ? nil : Self.empty(.tickets, row)
    case .gateRaised(_, let raised): return Self.toCome(raised, position)
    case .scopeSet(let id, _):
      return id == scopeSets.nextID() ? nil : Self.outOfTurn(.scopeSets, id)
    case .audience(let id, _):
      return id == audiences.nextID() ? nil : Self.outOfTurn(.audiences, id)
    case .retry(_, let new): return Self.toCome(new.position, position)
    case .audit(_, let new): return Self.toCome(new.position, position)
    case .moment(_, let new): return Self.toCome(new.position, position)
    // Keys are looked at together. What is not kept is never read back.
    case .settings, .key, .clientAuthenticationFailed, .dynamicRegistration, .newTextOfApp:
      return nil
    }
  }

  // What a row is of stays as long as the row holds it, and is in no other: indexes and lists
  // follow from it.

  private func objection(to new: Grant, in row: UInt32, at position: UInt64) -> String? {
    let isSame =
      grants[row].map {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      } ?? (findGrant(new.id) == nil)
    return isSame ? Self.toCome(new.position, position) : Self.taken(.grants, row)
  }

  private func objection(to new: RefreshFamily, in row: UInt32, at position: UInt64) -> String? {
    let isSame =
      families[row].map {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      } ?? (findFamily(new.id) == nil)
    return isSame ? Self.toCome(new.position, position) : Self.taken(.families, row)
  }

  private func objection(
    to new: AuthorizationCode, in row: UInt32, at position: UInt64
  ) -> String? {
    let isSame =
      codes[row].map {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      } ?? (findCode(new.id) == nil)
    return isSame ? Self.toCome(new.position, position) : Self.taken(.codes, row)
  }

  private func objection(to new: Consent, in row: UInt32) -> String? {
    let isSame =
      consents[row].map {
        $0.userSlot == new.userSlot && $0.appSlot == new.appSlot
          && $0.redirectURI == new.redirectURI
      }
      ?? (findConsent(
        userSlot: new.userSlot, appSlot: new.appSlot, redirectURI: new.redirectURI) == nil)
    return isSame ? nil : Self.taken(.consents, row)
  }

  private static func taken(_ table: Table, _ row: UInt32) -> String {
    "row \(row) of the table \(table.name) is to hold what does not belong there"
  }

  private static func empty(_ table: Table, _ row: UInt32) -> String {
    "row \(row) of the table \(table.name) holds nothing that could end"
  }

  private static func outOfTurn(_ table: Table, _ row: UInt16) -> String {
    "row \(row) of the table \(table.name) is filled out of turn"
  }

  private static func toCome(_ position: UInt64, _ now: UInt64) -> String? {
    position <= now ? nil : "position \(position) is still to come"
  }
}

/// The highest row of each table that the effects of a commit fill, free, close off or name.
private struct NamedRows {
  private var rows = InlineArray<15, Int>(repeating: 0)

  subscript(table: Table) -> Int { rows[table.rawValue] }

  mutating func note(_ effect: Effect) {
    effect.forEachRow { rows[$0.rawValue] = max(rows[$0.rawValue], $1) }
  }

  /// The first table with a row above what the function gives for it.
  func first(above highest: (Table) -> Int) -> Table? {
    Table.allCases.first { self[$0] > highest($0) }
  }
}
