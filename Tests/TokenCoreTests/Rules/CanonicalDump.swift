import Testing

@testable import TokenCore

/// Everything a state holds, line by line: two states can be compared and a difference read.
enum CanonicalDump {
  static func lines(_ state: borrowing ServiceState) -> [String] {
    var lines: [String] = []
    lines += texts("scopes", state.scopeSets.reader, count: state.scopeSets.count)
    lines += texts("audience", state.audiences.reader, count: state.audiences.count)
    lines += tokens(state)
    lines += table("app", state.apps) + table("user", state.users) + table("grant", state.grants)
    lines += table("family", state.families) + table("code", state.codes)
    lines += table("consent", state.consents) + table("ticket", state.tickets)
    lines += table("retry", state.retries) + table("audit", state.auditTrail)
    lines += table("moment", state.moments) + table("key", state.keys)
    lines += table("settings", state.settingsTable)
    lines += gates(state)
    lines += derived(state)
    return lines
  }

  private static func table<Record: StoredRecord>(
    _ name: String, _ table: borrowing StoredTable<Record>
  ) -> [String] {
    var lines: [String] = []
    var cursor: UInt32 = 0
    while let slot = table.nextLive(after: cursor) {
      cursor = slot
      guard let record = table[slot] else { continue }
      lines.append("\(name) \(slot) \(record.encoded())")
    }
    return lines
  }

  private static func texts(_ name: String, _ reader: TextReader, count: Int) -> [String] {
    (0..<count).map { "\(name) \($0 + 1) \(reader.bytes(UInt16($0 + 1)) ?? [])" }
  }

  private static func tokens(_ state: borrowing ServiceState) -> [String] {
    var lines: [String] = []
    for slot in stride(from: 1, through: state.tokens.highWater, by: 1) {
      guard let record = state.tokens.reader.read(UInt32(slot)) else { continue }
      let found = state.findToken(record.id)?.slot ?? 0
      lines.append("token \(slot) found \(found) \(record)")
    }
    return lines
  }

  private static func gates(_ state: borrowing ServiceState) -> [String] {
    var gates: [Gate] = [.service] + (0...255).map { .key(UInt8($0)) }
    gates += (0..<state.apps.capacity).map { .app(UInt32($0 + 1)) }
    gates += (0..<state.users.capacity).map { .user(UInt32($0 + 1)) }
    gates += (0..<state.grants.capacity).map { .grant(UInt32($0 + 1)) }
    var lines = ["provider \(state.gates.provider.rawValue)"]
    for gate in gates {
      let position = state.gates.position(of: gate)
      if position > 0 { lines.append("gate \(gate) \(position)") }
    }
    return lines
  }

  private static func derived(_ state: borrowing ServiceState) -> [String] {
    var lines = [
      "primary \(state.derived.primaryKeyID)", "last audit \(state.derived.lastAuditSlot)",
      "last retry \(state.derived.lastRetrySlot)", "tokens of keys \(state.derived.tokensOfKey)",
      "families of keys \(state.derived.familiesOfKey)",
    ]
    for slot in stride(from: UInt32(1), through: UInt32(state.users.highWater), by: 1) {
      // The order is that of the slots after a restart, so only the members are compared.
      lines.append(
        "user \(slot): references \(state.derived.userReferences[slot]), "
          + "grants \(state.grantSlots(ofUser: slot).sorted()), "
          + "consents \(state.consentSlots(ofUser: slot).sorted())")
    }
    for slot in stride(from: UInt32(1), through: UInt32(state.apps.highWater), by: 1) {
      lines.append("app \(slot): references \(state.derived.appReferences[slot])")
    }
    return lines
  }
}

extension Fixture {
  /// What is different, if anything, between this state and (a) a fresh one to which the recorded
  /// effects were applied, as recovery does, and (b) one taken over from the same memory, as a
  /// start from a snapshot does. Empty when all three are the same.
  func rebuilt() -> [String] {
    let mine = CanonicalDump.lines(state)
    let fresh = TestArena(memory.arena.layout.limits)
    var replayed = ServiceState(arena: fresh.arena, hash: Self.hash)
    for (position, effects) in journal { replayed.apply(effects, at: position) }
    var differences = Self.differences(mine, CanonicalDump.lines(replayed), "replayed")
    if replayed.position != state.position { differences.append("replayed: another position") }
    guard let again = memory.reopened(memory.arena.layout.limits) else {
      return differences + ["reopened: refused"]
    }
    let reopened = ServiceState(
      arena: again, hash: TextHash(key0: 3, key1: 4))
    differences += Self.differences(mine, CanonicalDump.lines(reopened), "reopened")
    return differences
  }

  private static func differences(
    _ mine: [String], _ other: [String], _ name: String
  ) -> [String] {
    let left = Set(mine)
    let right = Set(other)
    return left.subtracting(right).sorted().map { "\(name): lacks \($0)" }
      + right.subtracting(left).sorted().map { "\(name): has \($0)" }
  }
}
