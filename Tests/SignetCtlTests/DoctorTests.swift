import FakeSignet
import Foundation
import LinuxIO
import SignetClient
import Testing
import TokenWire

@testable import signetctl

@Suite struct DoctorTests {
  let www = AccessSubject(uid: 33, name: "www-data", gids: [33, 50])

  @Test(arguments: [
    (0o700 as UInt32, 33 as UInt32, 1 as UInt32, true), (0o077, 33, 1, false),
    (0o770, 1, 50, true), (0o707, 1, 50, false), (0o771, 1, 1, true), (0o770, 1, 1, false),
  ])
  func theFirstClassThatMatchesDecides(
    mode: UInt32, owner: UInt32, group: UInt32, allowed: Bool
  ) {
    let permission = Permission(modeBits: mode, ownerID: owner, groupID: group)
    #expect(permission.allows(www, .search) == allowed)
  }

  @Test func searchAndWriteAreDifferentBits() {
    let permission = Permission(modeBits: 0o606, ownerID: 1, groupID: 1)
    #expect(permission.allows(www, .write))
    #expect(!permission.allows(www, .search))
  }

  @Test func rootPassesEverywhere() {
    let root = AccessSubject(uid: 0, name: "root", gids: [0])
    #expect(Permission(modeBits: 0, ownerID: 1, groupID: 1).allows(root, .write))
  }

  @Test func rulesOfTheDaemonAreUnderstood() {
    let rules = DaemonRules(facts: [
      ("socket.0", "/run/s.sock mode=0660 group=www-data rights=validate,front"),
      ("socket.1", "/run/admin.sock mode=0600"), ("allow.0", "uid:33 rights=validate"),
      ("allow.1", "gid:50 rights=front,issue"), ("allow.2", "uid:34 rights=all"),
      ("version", "1"),
    ])
    #expect(rules.listeners.map(\.path) == ["/run/s.sock", "/run/admin.sock"])
    #expect(rules.listeners.map(\.ceiling) == [[.validate, .front], .all])
    #expect(rules.listeners.map(\.isAdmin) == [false, true])
    let number: (String, Bool) -> UInt32? = { name, _ in UInt32(name) }
    #expect(
      rules.granted(to: www, daemonUid: 1, number: number) == [.validate, .front, .issue])
    #expect(rules.granted(to: www, daemonUid: 33, number: number) == .all)
    let other = AccessSubject(uid: 99, name: nil, gids: [])
    #expect(rules.granted(to: other, daemonUid: 1, number: number) == [])
  }

  @Test func aClosedDirectoryIsFoundWithItsRemedy() throws {
    let server = FakeServer { peer in
      peer.hello()
      peer.answer(StatusRequest.self, StatusReply(position: 1, facts: []))
    }
    // A uid that certainly owns nothing; the server's directory is 0700.
    let ran = run([
      "doctor", "--as-uid", "54321", "--socket", server.path, "--json",
    ])
    server.finish()
    #expect(ran.code == .refused)
    let found = json(ran)
    #expect(found["canConnect"] as? Bool == false)
    let directory = (server.path as NSString).deletingLastPathComponent
    let advice = found["advice"] as? [String] ?? []
    #expect(advice.first == "chmod o+x \(directory)")
    // The socket is 0600 too: its line comes in the same answer.
    #expect(advice.dropFirst().first?.hasPrefix("listen = \(server.path) mode=0660") == true)
    let steps = found["path"] as? [[String: Any]]
    #expect(steps?.last?["result"] as? String == "refused" || steps?.count ?? 0 > 2)
  }

  @Test func aRightThatLacksIsNamedWithItsLine() throws {
    let server = FakeServer { peer in
      peer.hello()
      let (_, id) = peer.request(StatusRequest.self)
      peer.reply(StatusReply(position: 1, facts: Self.facts), .status, id)
    }
    Self.path.set(server.path)
    let directory = (server.path as NSString).deletingLastPathComponent
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: server.path)
    let ran = run([
      "doctor", "--as-uid", "54321", "--need", "validate,front", "--socket", server.path,
    ])
    server.finish()
    #expect(ran.code == .refused)
    #expect(
      ran.output.contains(
        "uid 54321 can connect and lacks the right validate,front; it has "
          + "validate."))
    #expect(ran.output.contains("allow = uid:54321 rights=front\n"))
  }

  /// The script is made before the path is known.
  final class SharedPath: @unchecked Sendable {
    private let lock = NSLock()
    private var value = ""
    func set(_ path: String) { lock.withLock { value = path } }
    func get() -> String { lock.withLock { value } }
  }
  static let path = SharedPath()
  static var facts: [FactEntry] {
    [
      FactEntry(
        name: Array("socket.0".utf8),
        value: Array("\(path.get()) mode=0666 rights=validate,front".utf8)),
      FactEntry(name: Array("allow.0".utf8), value: Array("uid:54321 rights=validate".utf8)),
    ]
  }

  @Test func aWalkFollowsLinksAndStopsAtWhatIsNotThere() throws {
    let base = NSTemporaryDirectory() + "signetctl-walk-\(UUID().uuidString)"
    let real = base + "/real"
    try FileManager.default.createDirectory(atPath: real, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: base) }
    try FileManager.default.createSymbolicLink(
      atPath: base + "/link", withDestinationPath: "real/../real")
    let walk = try PathWalk(to: base + "/link/./s.sock")
    #expect(walk.links.map(\.description) == ["\(base)/link -> real/../real"])
    #expect(walk.steps.last == PathWalk.Step(path: real + "/s.sock", finding: .missing))
    #expect(walk.last == nil)
    try "x".write(toFile: real + "/file", atomically: false, encoding: .utf8)
    let through = try PathWalk(to: real + "/file/s.sock")
    #expect(through.steps.last == PathWalk.Step(path: real + "/file", finding: .notADirectory))
  }

  @Test func aLoopOfLinksEnds() throws {
    let base = NSTemporaryDirectory() + "signetctl-loop-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: base) }
    try FileManager.default.createSymbolicLink(atPath: base + "/a", withDestinationPath: "b")
    try FileManager.default.createSymbolicLink(atPath: base + "/b", withDestinationPath: "a")
    #expect(throws: SystemError.self) { try PathWalk(to: base + "/a/s.sock") }
  }

  @Test func theAccountsGroupsAreCounted() throws {
    let root = try #require(try UserAccount.find("root"))
    #expect(try root.groupIDs().contains(root.primaryGroupID))
    let subject = try AccessSubject.named("root", groups: ["54321"])
    #expect(subject.gids.first == root.primaryGroupID)
    #expect(subject.gids.contains(54_321))
  }
}
