import StorageSupport
import Synchronization
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// The disk is full: grants are refused, denials go on, first in the reserve, then in memory.
struct FullDiskTests {
  static let plan = JournalPlan(segmentBytes: 32_768, reserveBytes: 32_768)

  /// A rig with an app and tokens to revoke.
  private static func rig(tokens: Int) throws -> (JournalRig, RigApp, [IssuedByHand]) {
    let rig = try JournalRig(plan: plan)
    let app = try rig.register()
    return (rig, app, try (0..<tokens).map { _ in try rig.issuedAndReleased(app) })
  }

  /// No file grows from now on; then grants until one is refused. What was granted meanwhile.
  private static func fill(_ rig: JournalRig, _ app: RigApp) throws -> [IssuedByHand] {
    let isReady = rig.eventually {
      let sizes = rig.disk.sizes
      return sizes["prepared.tmp"] == plan.segmentBytes && sizes["reserve.j"] == plan.reserveBytes
    }
    try #require(isReady, "no segment was prepared ahead")
    rig.disk.capacityBytes = rig.disk.usedBytes
    var granted: [IssuedByHand] = []
    for _ in 0..<60 {
      let issued = try rig.issue(app)
      switch try rig.status(issued.request) {
      case .ok: granted.append(issued)
      case .diskFull:
        #expect(rig.standing(issued.id) == .absent)
        return granted
      default: Issue.record("a grant was answered otherwise")
      }
    }
    Issue.record("the disk was never full")
    return granted
  }

  @Test("grants are refused DISK_FULL, and denials are durable in the reserve")
  func reserve() throws {
    let (rig, app, tokens) = try Self.rig(tokens: 2)
    let granted = try Self.fill(rig, app)
    #expect(!granted.isEmpty)
    #expect(rig.health.admission == .denialsOnly)
    #expect(try rig.status(rig.send(RevokeRequest(subject: tokens[0].text))) == .ok)
    #expect(try rig.status(rig.send(UserDisableRequest(user: "bob"))) == .ok)
    #expect(rig.health.facts.contains { $0 == ("journal.in-reserve", "yes") })
    #expect(try rig.status(rig.issue(app).request) == .diskFull)
    #expect(try rig.status(rig.send(UserEnableRequest(user: "bob"))) == .diskFull)
    #expect(try rig.verdict(tokens[1].text) == .valid)
    // Whoever was answered OK finds it so after a power cut.
    let next = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try next.isDead(tokens[0].text))
    for token in granted { #expect(try next.verdict(token.text) == .valid) }
  }

  private struct NeverSpent: Error {}

  /// Revokes until the reserve is spent too: how many were durable.
  private static func spend(_ rig: JournalRig, _ tokens: [IssuedByHand]) throws -> Int {
    for (index, token) in tokens.enumerated() {
      switch try rig.status(rig.send(RevokeRequest(subject: token.text))) {
      case .ok: continue
      case .notDurable: return index
      default: Issue.record("a denial was answered otherwise")
      }
    }
    throw NeverSpent()
  }

  @Test(
    "with the reserve spent a denial is in force, its reply says NOT_DURABLE, and nothing is lost")
  func spent() throws {
    let (rig, app, tokens) = try Self.rig(tokens: 16)
    _ = try Self.fill(rig, app)
    let durable = try Self.spend(rig, tokens)
    #expect(durable > 0)
    let released = rig.gates.released
    #expect(try rig.isDead(tokens[durable].text))
    // Again, with another reason to say that there is nothing to do: the same answer.
    #expect(try rig.status(rig.send(RevokeRequest(subject: tokens[durable].text))) == .notDurable)
    for token in tokens[(durable + 1)...] {
      #expect(try rig.status(rig.send(RevokeRequest(subject: token.text))) == .notDurable)
      #expect(try rig.isDead(token.text))
    }
    #expect(rig.gates.released == released)
    #expect(rig.health.keptBytes.load(ordering: .relaxed) > 0)
    #expect(try rig.status(rig.send(SettingsGetRequest(acting: .local))) == .ok)
    rig.disk.capacityBytes = nil
    let isWritten = rig.eventually {
      rig.gates.released == released + UInt64(tokens.count - durable)
        && rig.health.admission == .everything
    }
    #expect(isWritten)
    #expect(rig.health.keptBytes.load(ordering: .relaxed) == 0)
    #expect(try rig.status(rig.send(RevokeRequest(subject: tokens[durable].text))) == .ok)
    let granted = try rig.issuedAndReleased(app)
    let next = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    for token in tokens { #expect(try next.isDead(token.text)) }
    #expect(try next.verdict(granted.text) == .valid)
  }

  @Test("a retry of a denial that is in memory only is not told that it is durable")
  func retry() throws {
    let (rig, app, tokens) = try Self.rig(tokens: 16)
    _ = try Self.fill(rig, app)
    let durable = try Self.spend(rig, tokens)
    let key = Bytes16(word0: 7, word1: 8)
    let request = RevokeRequest(key: key, subject: tokens[durable + 1].text)
    #expect(try rig.status(rig.send(request)) == .notDurable)
    #expect(try rig.status(rig.send(request)) == .notDurable)
    rig.disk.capacityBytes = nil
    #expect(rig.eventually { rig.health.admission == .everything })
    #expect(try rig.status(rig.send(request)) == .ok)
  }

  @Test("a stop while denials are in memory only says that they are lost, and the rest is there")
  func stop() throws {
    let (rig, app, tokens) = try Self.rig(tokens: 16)
    _ = try Self.fill(rig, app)
    let durable = try Self.spend(rig, tokens)
    rig.stop()
    #expect(rig.stops.all.contains { $0.contains("were never written") })
    let disk = rig.disk.afterPowerCut(.loseAll)
    disk.capacityBytes = nil
    let next = try JournalRig(disk)
    #expect(next.gates.released == rig.gates.released)
    for token in tokens[..<durable] { #expect(try next.isDead(token.text)) }
    for token in tokens[durable...] { #expect(try next.verdict(token.text) == .valid) }
  }

  @Test(
    "a second full disk is met like the first, and a restart finds it all (etcd 2819)"
  )
  func secondEpisode() throws {
    let (rig, app, tokens) = try Self.rig(tokens: 32)
    var rest = tokens
    for episode in 0..<2 {
      _ = try Self.fill(rig, app)
      let durable = try Self.spend(rig, rest)
      #expect(durable > 0, "episode \(episode)")
      rest.removeFirst(durable + 1)
      rig.disk.capacityBytes = nil
      #expect(rig.eventually { rig.health.admission == .everything }, "episode \(episode)")
      #expect(try rig.status(rig.issue(app).request) == .ok)
    }
    let image = try rig.image()
    let recovered = try ArenaImage(recovering: rig.disk)
    #expect(image.difference(from: recovered) == nil)
    #expect(rig.stops.all.isEmpty)
  }
}
