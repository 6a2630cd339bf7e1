import StorageSupport
import Testing
import TokenCrypto

@testable import TokenCore
@testable import TokenStorage

/// Snapshots whose MACs fit, of states that no service was ever in: a refusal, and never a trap, or
/// a start that hands rows of such a state out.
@Suite("Snapshots: impossible")
final class ImpossibleSnapshotTests {
  private let rig: SnapshotRig

  init() throws {
    rig = try SnapshotRig(seed: 5)
    try rig.commit(120)
  }

  /// What a reader makes of a snapshot in which one word of a table is another one.
  private func fault(
    _ section: ArenaSection, at byte: Int, _ word: UInt64, mask: UInt64 = .max
  ) throws -> RecoveryRefusal? {
    let arena = rig.service.state.arena
    let place = arena.layout.range(section).lowerBound + byte
    let (index, page) = (place / 8, place / ArenaLayout.pageBytes)
    let (old, wasUsed) = (arena.words.loadRelaxed(index), arena.marks.isUsed(page: page))
    arena.words.storeRelaxed(index, old & ~mask | word & mask)
    arena.marks.setUsed(page: page, true)
    defer {
      arena.words.storeRelaxed(index, old)
      arena.marks.setUsed(page: page, wasUsed)
    }
    return try fault()
  }

  private func fault() throws -> RecoveryRefusal? {
    let disk = SimulatedDisk()
    let snapshots = rig.snapshotWriter(disk)
    let cut = rig.service.cut()
    _ = try snapshots.writeFile(cut, snapshots.header(of: cut, wallMillis: 1)) { _, _ in true }
    cut.end()
    let name = SnapshotNames.temporary
    let checked = SnapshotLoad.fault(disk, name, rig)
    let memory = StateMemory()
    var loaded: RecoveryRefusal?
    do { _ = try SnapshotLoad.load(rig, name, into: memory, on: disk) } catch {
      loaded = error as? RecoveryRefusal
    }
    // Who only checks it says what a start says.
    #expect(checked == loaded)
    if loaded == nil { _ = memory.state(cut.position) }
    return checked
  }

  private func expect(_ found: RecoveryRefusal?, _ what: String) {
    #expect(found?.reason == .damaged && found?.advice.isEmpty == false, "\(what): \(found as Any)")
  }

  @Test func theStateAsItIs() throws { #expect(try fault() == nil) }

  @Test("a service gives no name to a snapshot that no start would take")
  func written() throws {
    let arena = rig.service.state.arena
    let gate = arena.layout.range(.control).lowerBound / 8
    arena.words.storeRelaxed(gate, 1 << 40)
    let disk = SimulatedDisk()
    let snapshots = rig.snapshotWriter(disk)
    let error = try #require(throws: SnapshotError.self) {
      _ = try snapshots.write(rig.service.cut(), wallMillis: 1)
    }
    guard case .misread(let refusal) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(refusal.found.contains("gate") && disk.files.isEmpty)
  }

  @Test func everyFieldOfEveryRecord() throws {
    for kind in RecordKind.allCases {
      let strideBytes = rig.service.state.arena.layout.limits[kind].strideBytes
      for field in kind.fields {
        // Its last two bytes, which lie in one word.
        let place = strideBytes + RecordReader.headerBytes + field.offset + field.byteCount - 2
        let mask = UInt64(0xFFFF) << UInt64(place % 8 * 8)
        let found = try fault(.records(kind), at: place / 8 * 8, .max, mask: mask)
        expect(found, "\(kind), \(field)")
      }
    }
  }

  @Test func everyTablesOwnMark() throws {
    for table in Table.allCases {
      let section: ArenaSection =
        switch table {
        case .tokens: .tokens
        case .scopeSets: .scopeSets
        case .audiences: .audiences
        default: .records(try #require(RecordKind.allCases.first { Table($0) == table }))
        }
      for mark in [UInt64(1_000), 1 << 63, .max] {
        expect(try fault(section, at: 8, mark), "\(table), \(mark)")
      }
    }
  }

  @Test func rowsOutsideTheirTable() throws {
    let live: UInt64 = 1 << 63
    let users = rig.service.state.arena.layout.limits[.user]
    expect(try fault(.records(.user), at: 900 * users.strideBytes, live), "above the highest")
    expect(
      try fault(.records(.user), at: (users.capacity + 1) * users.strideBytes, live), "behind")
    expect(try fault(.records(.user), at: 0, live), "row 0")
    expect(try fault(.records(.user), at: users.strideBytes, 1 << 62), "half written")
    expect(try fault(.scopeSets, at: 0, 1 << 32), "text 0")
    expect(try fault(.scopeSets, at: 200 * 136, 1 << 32), "a text after the last")
    expect(try fault(.scopeSets, at: 136, 0), "a gap")
    expect(try fault(.scopeSets, at: 136, 1 << 32 | 129), "a text too long")
  }

  @Test func tokens() throws {
    let row = try #require((1...50).first { rig.service.state.tokens.isLive(UInt32($0)) }) * 64
    let state = rig.service.state.arena.words.loadRelaxed(row / 8 + 65_536 / 8)
    #expect(TokenState(word: state).isLive)
    typealias Case = (what: String, byte: Int, word: UInt64, mask: UInt64)
    let low: UInt64 = 0xFFFF_FFFF
    let cases: [Case] = [
      ("of no kind", row, 0, 0x3f << 40),
      ("live and revoked", row, 1 << 46, 1 << 46),
      ("row 0", 0, state, .max),
      ("above the highest", 8_000 * 64, state, .max),
      ("a position to come", row + 40, 1 << 40, .max),
      ("a scope set that is none", row + 40, 200, 0xFFFF),
      ("an audience that is none", row + 48, 200 << 16, 0xFFFF_0000),
      ("a grant that is none", row + 48, 4_000 << 32, low << 32),
      ("an application that is none", row + 56, 100 << 32, low << 32),
      ("a user that is none", row + 56, 1_000, low),
    ]
    for each in cases {
      expect(try fault(.tokens, at: each.byte, each.word, mask: each.mask), each.what)
    }
  }

  @Test func keys() throws {
    let strideBytes = rig.service.state.arena.layout.limits[.key].strideBytes
    let key = try #require(rig.service.state.signingKeys.first { $0.state == .primary })
    let place = (Int(key.keyID) + 1) * strideBytes + RecordReader.headerBytes
    expect(try fault(.records(.key), at: place, UInt64(key.keyID) + 1, mask: 0xFF), "of another id")
    expect(try fault(.records(.key), at: place, 0, mask: 0xFF00), "of no state")
    expect(try fault(.records(.key), at: place, 2 << 8, mask: 0xFF00), "none is primary")
  }

  @Test func gates() throws {
    for section in [ArenaSection.grantGates, .appGates, .userGates] {
      expect(try fault(section, at: 0, 1), "row 0 of \(section)")
      expect(try fault(section, at: 8, 1 << 40), "a position to come, \(section)")
      expect(try fault(section, at: 120 * 8, 1), "above the highest, \(section)")
    }
    for word in [0, 16, 271] { expect(try fault(.control, at: word * 8, 1 << 40), "word \(word)") }
    expect(try fault(.control, at: 272 * 8, 1), "behind the gates")
  }
}
