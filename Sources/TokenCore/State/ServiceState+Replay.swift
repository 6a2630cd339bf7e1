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
    guard commit.position > position, commit.position <= RowField.numberMax else {
      throw .impossible("position \(commit.position) comes after \(position)")
    }
    for effect in commit.effects {
      try requireRoom(for: effect)
      if let objection = objection(to: effect, at: commit.position) { throw .impossible(objection) }
      perform(effect)
    }
    position = commit.position
  }

  private func requireRoom(for effect: Effect) throws(ReplayFault) {
    let limits = arena.layout.limits
    var fault: ReplayFault?
    effect.forEachRow { table, row in
      let capacity = limits.capacity(table)
      if row > capacity { fault = .noRoom(table: table, row: row, capacity: capacity) }
    }
    if let fault { throw fault }
  }

  /// Why the effect, whose rows the tables have room for, cannot happen now; nil where it can.
  private func objection(to effect: Effect, at position: UInt64) -> String? {
    switch effect {
    case .tokenIssued(let row, let record):
      if tokens.reader.isTaken(row) { return Self.taken(.tokens, row) }
      return record.position <= position ? nil : "a token of position \(record.position)"
    case .tokenRevoked(let row): return tokens.isLive(row) ? nil : Self.empty(.tokens, row)
    case .tokenFreed(let row): return tokens.reader.isTaken(row) ? nil : Self.empty(.tokens, row)
    case .grant(let row, let new):
      return Self.change(.grants, row, grants[row]) {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      }
    case .family(let row, let new):
      return Self.change(.families, row, families[row]) {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      }
    case .code(let row, let new):
      return Self.change(.codes, row, codes[row]) {
        $0.id == new.id && $0.appSlot == new.appSlot && $0.userSlot == new.userSlot
      }
    case .consent(let row, let new):
      return Self.change(.consents, row, consents[row]) {
        $0.userSlot == new.userSlot && $0.appSlot == new.appSlot
          && $0.redirectURI == new.redirectURI
      }
    case .app(let row, let new):
      return Self.change(.apps, row, apps[row]) { $0.clientID == new.clientID }
    case .user(let row, let new): return Self.change(.users, row, users[row]) { $0.id == new.id }
    case .grantFreed(let row): return grants.isLive(row) ? nil : Self.empty(.grants, row)
    case .familyFreed(let row): return families.isLive(row) ? nil : Self.empty(.families, row)
    case .codeFreed(let row): return codes.isLive(row) ? nil : Self.empty(.codes, row)
    case .consentFreed(let row): return consents.isLive(row) ? nil : Self.empty(.consents, row)
    case .appFreed(let row): return apps.isLive(row) ? nil : Self.empty(.apps, row)
    case .userFreed(let row): return users.isLive(row) ? nil : Self.empty(.users, row)
    case .ticketUsed(let row, _): return tickets.isLive(row) ? Self.taken(.tickets, row) : nil
    case .ticketFreed(let row): return tickets.isLive(row) ? nil : Self.empty(.tickets, row)
    case .gateRaised(_, let raised):
      return raised <= position ? nil : "a gate at position \(raised)"
    case .scopeSet(let id, _):
      return id == scopeSets.nextID() ? nil : "row \(id) of the table scope-sets out of turn"
    case .audience(let id, _):
      return id == audiences.nextID() ? nil : "row \(id) of the table audiences out of turn"
    case .settings, .key, .retry, .audit, .moment: return nil
    // Not kept, so never read back.
    case .clientAuthenticationFailed, .dynamicRegistration, .newTextOfApp: return nil
    }
  }

  /// What a row is of stays as long as it holds it: indexes and lists follow from it.
  private static func change<Record>(
    _ table: Table, _ row: UInt32, _ old: Record?, _ isSame: (Record) -> Bool
  ) -> String? {
    old.map(isSame) ?? true ? nil : taken(table, row)
  }

  private static func taken(_ table: Table, _ row: UInt32) -> String {
    "row \(row) of the table \(table.name) holds something else already"
  }

  private static func empty(_ table: Table, _ row: UInt32) -> String {
    "row \(row) of the table \(table.name) holds nothing that could end"
  }
}
