import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

@testable import TokenServer

/// What `--salvage` and `--restore` make of a state before anybody is served from it.
struct ServiceAtRestTests {
  private static let nowMillis: UInt64 = 1_767_225_600_000
  private static let tokenID = TokenID(word0: 71, word1: 72)

  private static let limits: ServerLimits = {
    var limits = ServerLimits(workers: 1)
    (limits.maxTokens, limits.maxGrants, limits.maxFamilies) = (1_000, 1_000, 1_000)
    (limits.maxCodes, limits.maxUsers, limits.maxApps) = (100, 100, 100)
    (limits.maxScopeSets, limits.maxAudiences, limits.maxAuditRecords) = (100, 100, 100)
    return limits
  }()

  /// A state and the memory that it lies in.
  private final class Tables {
    let arena: Arena
    private let region: MemoryRegion

    init() throws {
      let layout = ArenaLayout(TableSizes(ServiceAtRestTests.limits).arenaLimits)
      region = try MemoryRegion(byteCount: layout.byteCount)
      let bytes = unsafe UnsafeMutableRawBufferPointer(
        start: region.base, count: region.byteCount)
      arena = try #require(unsafe Arena(bytes, layout: layout))
    }

    func state(_ position: UInt64? = nil) -> ServiceState {
      ServiceState(arena: arena, hash: TextHash(key0: 1, key1: 2), position: position)
    }
  }

  /// The commits of a service that issued one token.
  private static func commits() throws -> [JournaledCommit] {
    let tables = try Tables()
    var state = tables.state()
    let admin = Person(user: [], isSystemAdmin: true, login: .local)
    let clientID = ClientID.text(TokenID(word0: 5, word1: 6))
    let fields = ApplicationFields(
      name: Array("Calendar".utf8), homepage: Array("https://client.example/".utf8),
      callbacks: [Array("https://client.example/callback".utf8)])
    let token = PreparedToken(
      id: tokenID, keyID: 0, digest: TokenDigest(word0: 1, word1: 2))
    let item = IssueTokens.Item(
      clientID: clientID, user: Array("ann".utf8), scope: Array("read".utf8), audience: [],
      lifetimeSeconds: 3_600, withRefresh: false, grantID: TokenID(word0: 7, word1: 8),
      familyID: TokenID(word0: 9, word1: 0), tokens: [token])
    let operations: [TokenCore.Operation] = [
      .rotateKey(salt: TokenID(word0: 3, word1: 4)),
      .setSettings(
        admin,
        [SettingChange(name: Array("provider-enabled".utf8), value: Array("true".utf8))]),
      .registerApp(
        RegisterApplication(
          person: admin, fields: fields, clientID: clientID,
          secretDigest: SecretDigest(bytes: InlineArray(repeating: 5)))),
      .issue(IssueTokens(items: [item], keyID: 0)),
    ]
    return operations.map { operation in
      let commit = state.commit(operation, Call(nowMillis: nowMillis, peerUID: 0))
      if case .refused(let refusal) = commit.outcome { Issue.record("\(refusal.message)") }
      return JournaledCommit(position: commit.position, effects: commit.effects)
    }
  }

  /// What a start on the disk says of the token.
  private static func verdict(_ disk: SimulatedDisk) throws -> TokenVerdict {
    let tables = try Tables()
    var restored = Recovery.restore(disk, JournalDriver.root, into: tables.arena) {
      tables.state($0)
    }
    let report = restored.report
    guard let state = restored.takeState() else {
      Issue.record("\(report.verdict)")
      return .absent
    }
    state.gates.raiseReleased(to: state.position)
    return state.space.lookup(tokenID, nowSeconds: UInt32(nowMillis / 1_000)).verdict
  }

  @Test("tokens from before are dead after a restore, unless they are to be kept")
  func past() throws {
    for isKept in [false, true] {
      let service = try ServiceAtRest(Self.limits)
      service.begin(at: nil)
      for commit in try Self.commits() { service.apply(commit) }
      if !isKept { service.revokePast(nowMillis: Self.nowMillis) }
      var options = JournalOptions()
      (options.segmentBytes, options.reserveBytes) = (65_536, 0)
      let disk = SimulatedDisk()
      let quarantine = try service.replace(
        Replacement(disk, JournalDriver.root), options, nowMillis: Self.nowMillis)
      #expect(quarantine == nil)
      let verdict = try Self.verdict(disk.afterPowerCut(.loseAll))
      #expect(verdict == (isKept ? .live : .revoked))
    }
  }

  @Test("a row that a smaller table has no room for is refused with 78, and does not trap")
  func smallerTable() throws {
    let last = try #require(try Self.commits().last)
    var row = last
    row.effects = last.effects.map { effect in
      if case .tokenIssued(_, let record) = effect { return .tokenIssued(1_001, record) }
      return effect
    }
    #expect(row.effects != last.effects)
    let service = try ServiceAtRest(Self.limits)
    service.begin(at: nil)
    for commit in try Self.commits().dropLast() { service.apply(commit) }
    try service.requireAll(of: "/d")
    service.apply(row)
    // What follows it may lie on it.
    service.apply(JournaledCommit(position: row.position + 1, effects: [.tokenRevoked(1_001)]))
    let error = try #require(throws: StartError.self) { try service.requireAll(of: "/d") }
    #expect(error.code == .limitTooSmall)
    #expect(
      error.message == "/d, position \(row.position): row 1001 of the table tokens is in use, and "
        + "max-tokens is 1000; set max-tokens to 1001 or more, as it was")
  }

  @Test("every table whose size is named as a setting has that setting")
  func settings() {
    for table in Table.allCases {
      let refusal = RecoveryRefusal.limitTooSmall("f", table, 9, 8)
      let isSetting = NumberKey.all.contains { $0.key.rawValue == "max-\(table.name)" }
      #expect(
        refusal.advice.contains("max-\(table.name)") == isSetting, "\(table): \(refusal.advice)")
    }
  }
}
