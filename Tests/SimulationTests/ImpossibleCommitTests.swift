import StorageSupport
import Testing

@testable import TokenCore
@testable import TokenStorage

/// Commits whose MACs fit, and that no service ever made: a start refuses them, and does not trap.
@Suite("Journals: impossible commits")
struct ImpossibleCommitTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let exitCode: Int32
    /// Whether it takes the state to tell.
    let needsState: Bool
    let effect: @Sendable (borrowing ServiceState) -> Effect

    init(
      _ text: String, _ exitCode: Int32 = 65, needsState: Bool = false,
      _ effect: @escaping @Sendable (borrowing ServiceState) -> Effect
    ) {
      (testDescription, self.exitCode) = (text, exitCode)
      (self.needsState, self.effect) = (needsState, effect)
    }
  }

  private static let id = TokenID(word0: 77, word1: 88)

  private static func token(
    kind: UInt8 = 1, position: UInt64 = 1, user: UInt32 = 0
  ) -> TokenRecord {
    TokenRecord(
      kind: kind, keyID: 1, expirySeconds: .max, id: id, digest: TokenDigest(word0: 1, word1: 2),
      position: position, user: user)
  }

  private static func grant(user: UInt32 = 1, position: UInt64 = 1) -> Grant {
    Grant(
      id: id, appSlot: 1, userSlot: user, scopeSet: 0, audience: 0, familySlot: 0,
      position: position, createdAtMillis: 1, expiresAtSeconds: 1)
  }

  static let rows: [Row] = [
    Row("a token in row 0") { _ in .tokenIssued(0, token()) },
    Row("a token of no kind") { _ in .tokenIssued(8_000, token(kind: 0)) },
    Row("a token of position 2^63") { _ in .tokenIssued(8_000, token(position: 1 << 63)) },
    Row("a token of a position to come", needsState: true) { _ in
      .tokenIssued(8_000, token(position: 1 << 40))
    },
    Row("a token in a taken row", needsState: true) { state in
      let row = (1...60).first { state.tokens.reader.isTaken($0) }
      return .tokenIssued(row ?? 0, token())
    },
    Row("a token in a row that there is no room for", 78) { _ in .tokenIssued(9_000, token()) },
    Row("a token of a user that there is no room for", 78) { _ in
      .tokenIssued(8_000, token(user: 2_000))
    },
    Row("an end of a token that is none", needsState: true) { _ in .tokenFreed(8_000) },
    Row("a revocation of a token that is none", needsState: true) { _ in .tokenRevoked(8_000) },
    Row("a revocation of row 0") { _ in .tokenRevoked(0) },
    Row("a revocation of row 2^32 - 1") { _ in .tokenRevoked(.max) },
    Row("a grant in row 0") { _ in .grant(0, grant()) },
    Row("a grant of user 2^32 - 1") { _ in .grant(4_000, grant(user: .max)) },
    Row("a grant of a user that there is no room for", 78) { _ in
      .grant(4_000, grant(user: 2_000))
    },
    Row("a grant of position 2^60") { _ in .grant(4_000, grant(position: 1 << 60)) },
    Row("another grant in a grant's row", needsState: true) { state in
      let row = (1...60).first { state.grants.isLive($0) }
      return .grant(row ?? 0, grant())
    },
    Row("a grant of a position to come", needsState: true) { _ in
      .grant(4_000, grant(position: 1 << 40))
    },
    Row("a grant of a user that never was", needsState: true) { _ in
      .grant(4_000, grant(user: 1_000))
    },
    Row("a grant that is in another row already", needsState: true) { state in
      let row = (1...60).first { state.grants.isLive($0) }
      return .grant(4_000, state.grants[row ?? 0] ?? grant())
    },
    Row("a token that is in another row already", needsState: true) { state in
      let row = (1...60).first { state.tokens.reader.isTaken($0) }
      return .tokenIssued(8_000, state.tokens.reader.read(row ?? 0) ?? token())
    },
    Row("a user that is in another row already", needsState: true) { state in
      let row = (1...60).first { state.users.isLive($0) }
      return .user(1_000, state.users[row ?? 0] ?? User(id: [], createdAtMillis: 1))
    },
    Row("a second primary key", needsState: true) { _ in
      .key(SigningKey(keyID: 200, state: .primary, salt: id, createdAtMillis: 1))
    },
    Row("no primary key any more", needsState: true) { state in
      var key = state.signingKeys.first { $0.state == .primary }
      key?.state = .retired
      return .key(key ?? SigningKey(keyID: 0, state: .retired, salt: id, createdAtMillis: 1))
    },
    Row("an end of a grant that is none", needsState: true) { _ in .grantFreed(4_000) },
    Row("an end of a family that is none", needsState: true) { _ in .familyFreed(4_000) },
    Row("an end of a code that is none", needsState: true) { _ in .codeFreed(1_000) },
    Row("an end of a consent that is none", needsState: true) { _ in .consentFreed(1_000) },
    Row("an end of an application that is none", needsState: true) { _ in .appFreed(100) },
    Row("an end of a user that is none", needsState: true) { _ in .userFreed(1_000) },
    Row("an end of a ticket that is none", needsState: true) { _ in .ticketFreed(1_000) },
    Row("another user in a user's row", needsState: true) { state in
      let row = (1...60).first { state.users.isLive($0) }
      return .user(row ?? 0, User(id: Array("somebody-else".utf8), createdAtMillis: 1))
    },
    Row("a gate of grant 0") { _ in .gateRaised(.grant(0), position: 1) },
    Row("a gate of user 2^32 - 1") { _ in .gateRaised(.user(.max), position: 1) },
    Row("a gate of a user that there is no room for", 78) { _ in
      .gateRaised(.user(2_000), position: 1)
    },
    Row("a gate at position 2^64 - 1") { _ in .gateRaised(.service, position: .max) },
    Row("a gate at a position to come", needsState: true) { _ in
      .gateRaised(.service, position: 1 << 40)
    },
    Row("a moment in row 0") { _ in .moment(0, Moment(position: 1, atMillis: 1)) },
    Row("a moment that the line has no place for", 78) { _ in
      .moment(1_000_000, Moment(position: 1, atMillis: 1))
    },
    Row("a scope set out of turn", needsState: true) { _ in .scopeSet(200, [0x61]) },
    Row("scope set 0") { _ in .scopeSet(0, [0x61]) },
    Row("a scope set too long") { _ in .scopeSet(9, [UInt8](repeating: 0x61, count: 129)) },
    Row("an audience out of turn", needsState: true) { _ in .audience(200, [0x61]) },
    Row("a time that never comes") { _ in
      .user(1_000, User(id: [0x61], createdAtMillis: .max))
    },
  ]

  /// A directory, what a start finds in it, and what each row adds to that.
  private struct Base {
    let files: [String: [UInt8]]
    let end: JournalEnd
    let position: UInt64
    let effects: [String: Effect]

    init() throws {
      files = try SnapshotRig.directory(seed: 6, snapshots: 1).disk.files
      let memory = StateMemory()
      var restored = Recovery.restore(
        SimulatedDisk(files: files), JournalDriver.root, into: memory.arena
      ) { memory.state($0) }
      let verdict = restored.report.verdict
      guard case .clean(let end) = verdict, let state = restored.takeState() else {
        throw DriverFailure("\(verdict)")
      }
      (self.end, position) = (end, state.position)
      var effects: [String: Effect] = [:]
      for row in rows { effects[row.testDescription] = row.effect(state) }
      self.effects = effects
    }
  }

  /// Made once: every row begins with a disk of its own that holds these files.
  private static let base = Result { try Base() }

  @Test(arguments: rows)
  func refused(_ row: Row) throws {
    let base = try Self.base.get()
    let (end, disk) = (base.end, SimulatedDisk(files: base.files))
    var options = JournalOptions()
    (options.segmentBytes, options.reserveBytes) = (32_768, 0)
    var writer = try JournalWriter.open(
      disk, JournalDriver.root, options, after: end, wallMillis: end.wallMillis)
    var batch = CommitBatch()
    batch.add([try #require(base.effects[row.testDescription])], at: base.position + 1)
    try writer.append(batch, wallMillis: end.wallMillis)

    let (report, image) = SnapshotRig.restore(disk)
    let refusal = report.verdict.refusal
    #expect(refusal?.exitCode == row.exitCode && image == nil, "\(report.verdict)")
    #expect(refusal?.advice.isEmpty == false)
    let verification = JournalVerification(
      disk, JournalDriver.root, limits: TableSizes.small.arenaLimits)
    #expect(verification.exitCode == (row.needsState ? 0 : row.exitCode))
  }

  /// Both grants are dead, and one step of reclaim meets them.
  @Test("of two grants that name one refresh family, its own ends it, once")
  func sharedFamily() {
    let memory = StateMemory()
    var state = memory.state()
    let family = RefreshFamily(
      id: Self.id, keyID: 1, grantSlot: 1, appSlot: 1, userSlot: 1, scopeSet: 0, audience: 0,
      position: 1, createdAtMillis: 1, absoluteExpirySeconds: 1, idleExpirySeconds: 1)
    var grants = [Self.grant(), Self.grant()]
    (grants[0].familySlot, grants[1].familySlot) = (1, 1)
    grants[1].id = TokenID(word0: 5, word1: 6)
    state.apply([.family(1, family), .grant(1, grants[0]), .grant(2, grants[1])], at: 1)
    #expect(state.familySlot(of: grants[0], 1) == 1 && state.familySlot(of: grants[1], 2) == nil)
    let call = Call(nowMillis: 1_767_225_600_000, peerUID: 1)
    _ = state.commit(.rotateKey(salt: Self.id), call)
    #expect(!state.grants.isLive(1) && !state.grants.isLive(2) && !state.families.isLive(1))
  }
}
