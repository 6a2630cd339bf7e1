import Foundation
import LinuxIO
import StorageSupport
import Testing
import TokenCrypto

@testable import TokenServer

/// `--verify` ends with what the owner's start would end with, whatever stands in its way: the
/// directory, its files, the limits.
@Suite struct VerificationPlaceTests {
  /// A way to end with a status. The journal is whole before.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ExitCode
    /// What the message has to say: the finding and the remedy.
    var words: [String] = []
    let perform: @Sendable (VerifiedJournal) throws -> Void

    init(
      _ name: String, _ code: ExitCode, _ words: [String],
      _ perform: @escaping @Sendable (VerifiedJournal) throws -> Void
    ) {
      (testDescription, self.code, self.words, self.perform) = (name, code, words, perform)
    }
  }

  static let ways: [Way] = [
    Way("nothing", .ok, []) { _ in },
    Way("a flipped bit", .damaged, ["restore a backup"]) {
      try $0.damage($0.segments[0], at: 4_096 + 80)
    },
    Way("another root key", .notAuthentic, ["root key"]) {
      try Data([UInt8](repeating: 7, count: 32)).write(to: URL(fileURLWithPath: $0.key))
    },
    Way("no root key", .rootKeyMissing, ["put the root key file back"]) {
      try $0.files.removeItem(atPath: $0.key)
    },
    Way("a later version", .newerFormat, ["later version"]) { try later($0) },
    Way("a link for a segment", .unreadable, ["cannot be read"]) {
      try $0.files.removeItem(atPath: $0.path($0.segments[1]))
      try $0.files.createSymbolicLink(
        atPath: $0.path($0.segments[1]), withDestinationPath: "/etc/passwd")
    },
    Way("a segment that its owner cannot read", .unreadable, ["chmod 0600"]) {
      try $0.giveAway()
      try $0.mode(0o200, $0.path($0.segments[1]))
    },
    Way("a directory for others to look into", .system, ["mode 0750", "chmod 0700"]) {
      try $0.mode(0o750, $0.data)
    },
    Way("a directory above that others may write to", .system, ["chmod 0755"]) {
      try $0.mode(0o777, $0.directory.path)
    },
    Way("a directory that its owner cannot look into", .system, ["chmod 0700"]) {
      try $0.giveAway()
      if CurrentProcess.effectiveUserID == 0 { try $0.mode(0o300, $0.data) }
      if CurrentProcess.effectiveUserID != 0 { try $0.mode(0o750, $0.data) }
    },
    Way("a lock that others may write to", .system, ["LOCK", "mode 0622", "chmod 0600"]) {
      try $0.mode(0o622, $0.path("LOCK"))
    },
    Way("a lock with a second name", .system, ["LOCK", "2 names"]) {
      try $0.files.linkItem(atPath: $0.path("LOCK"), toPath: $0.directory.path + "/other")
    },
    Way("a link for a lock", .system, ["LOCK", "symbolic link", "remove it"]) {
      try $0.files.removeItem(atPath: $0.path("LOCK"))
      try $0.files.createSymbolicLink(atPath: $0.path("LOCK"), withDestinationPath: "/dev/null")
    },
    Way("a directory for a lock", .system, ["LOCK", "a directory"]) {
      try $0.files.removeItem(atPath: $0.path("LOCK"))
      try $0.files.createDirectory(atPath: $0.path("LOCK"), withIntermediateDirectories: false)
    },
    Way("a lock that its owner cannot write to", .system, ["LOCK"]) {
      try $0.giveAway()
      try $0.mode(0o400, $0.path("LOCK"))
    },
    Way("a root key for others to read", .keyFile, ["chmod 0600"]) { try $0.mode(0o640, $0.key) },
    Way("a witness that its owner cannot write to", .journalFailed, ["witness", "chmod 0600"]) {
      try $0.giveAway()
      try $0.mode(0o400, $0.path("witness"))
    },
    Way("a directory that has a draft's name", .journalFailed, ["prepared.tmp", "a directory"]) {
      try $0.files.createDirectory(
        atPath: $0.path("prepared.tmp"), withIntermediateDirectories: false)
    },
    Way("a directory that its owner cannot write to", .journalFailed, ["chmod 0700"]) {
      try $0.giveAway()
      try $0.mode(0o500, $0.data)
    },
  ]

  /// FORMAT as a later version would leave it: the least version that may read it is 2.
  private static func later(_ journal: VerifiedJournal) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: journal.path("FORMAT"))))
    bytes[6] = 2
    let checksum = CRC32C.checksum(bytes, 0..<4_092)
    for byte in 0..<4 { bytes[4_092 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * byte)) }
    try journal.write(bytes, "FORMAT")
  }

  @Test("the status and the remedy; nothing is changed", arguments: ways)
  func way(_ way: Way) throws {
    let journal = try VerifiedJournal()
    try way.perform(journal)
    defer { try? journal.mode(0o700, journal.data) }
    let before = try journal.contents()
    var texts: [String] = []
    do {
      let (code, output) = try journal.verify()
      #expect(code == way.code, "\(output.errors)")
      texts = output.errors
      #expect(output.errors.isEmpty == (code == .ok))
    } catch let error as StartError {
      #expect(error.code == way.code, "\(error)")
      texts = [error.message]
    }
    for word in way.words { #expect(texts.first?.contains(word) ?? false, "\(word): \(texts)") }
    #expect(try journal.contents() == before)
  }

  @Test("a file that the owner can use is a note with its remedy, whatever its mode or owner")
  func notes() throws {
    let journal = try VerifiedJournal()
    try journal.giveAway()
    try journal.mode(0o644, journal.path("FORMAT"))
    try journal.mode(0o640, journal.path(journal.segments[0]))
    let (code, output) = try journal.verify()
    #expect(code == .ok && output.errors.isEmpty)
    #expect(
      output.text.contains(
        "note: FORMAT, and 1 more: has a mode that gives others access; chmod 0600 "
          + journal.path("FORMAT")))
    guard CurrentProcess.effectiveUserID == 0 else { return }
    #expect(output.text.contains("note: \(journal.data) belongs to uid 47117"))
  }

  @Test("what is found first gives the status, and all of it is told")
  func several() throws {
    let journal = try VerifiedJournal()
    try journal.mode(0o770, journal.data)
    try journal.damage(journal.segments[0], at: 4_096 + 80)
    let (code, output) = try journal.verify()
    #expect(code == .system && output.errors.count == 2)
    let text = try journal.verify(json: true).output.text
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let refusals = try #require(object["refusals"] as? [[String: Any]])
    #expect(refusals.map { $0["exitCode"] as? Int } == [71, 65])
    #expect(object["exitCode"] as? Int == 71 && object["verdict"] as? String == "refused")
    #expect((object["refusal"] as? [String: Any])?["file"] as? String == ".")
  }

  @Test("a clock behind the last entry is 70")
  func clock() throws {
    let ahead = SystemClock.realtimeMillis() + 3_600_000
    #expect(try VerifiedJournal(clockMillis: ahead).verify().code == .clockBehind)
  }

  @Test("a directory in use is 73, a path that is no directory 69")
  func outside() throws {
    let journal = try VerifiedJournal()
    let held = try FileLock.acquire(path: journal.path("LOCK"))
    let error = try #require(throws: StartError.self) { _ = try journal.verify() }
    #expect(error.code == .inUse)
    _ = consume held
    try journal.files.removeItem(atPath: journal.data)
    try Data().write(to: URL(fileURLWithPath: journal.data))
    let other = try #require(throws: StartError.self) { _ = try journal.verify() }
    #expect(other.code == .unreadable && other.message.contains(journal.data))
  }

  /// The driver's commits fit no service: they revoke tokens that were never issued.
  @Test("--salvage says what a start says of commits that cannot have happened, and keeps nothing")
  func impossible() throws {
    let journal = try VerifiedJournal()
    let flags = try LaunchFlags(["--embedded", journal.directory.path])
    let configuration = try ConfigurationReader.read(flags: flags, file: nil, coreCount: 1)
    let before = try journal.contents()
    let error = try #require(throws: StartError.self) {
      _ = try SalvageAction(configuration: configuration, console: Captured().console).run()
    }
    #expect(error.code == .damaged && error.message.contains("cannot have happened"))
    let after = try journal.contents()
    for name in before.keys where name != "LOCK" && name != "." {
      #expect(after[name] == before[name], "\(name)")
    }
    #expect(Set(after.keys) == Set(before.keys))
  }

  @Test("a row that the configured table has no room for is 78; the report says what is needed")
  func limits() throws {
    let journal = try VerifiedJournal()
    let text = try journal.verify().output.text
    let line = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("needs at least: max-tokens ") })
    let audiences = try #require(
      line.split(separator: ", ").first { $0.hasPrefix("max-audiences ") })
    let needed = try #require(Int(audiences.split(separator: " ")[1]))
    for (limit, code) in [(needed, ExitCode.ok), (needed - 1, .limitTooSmall)] {
      let flags = try LaunchFlags([
        "--embedded", journal.directory.path, "--max-audiences", "\(limit)", "--verify",
        journal.data,
      ])
      let configuration = try ConfigurationReader.read(flags: flags, file: nil, coreCount: 1)
      let (found, output) = try journal.verify(configuration: configuration)
      #expect(found == code, "\(output.errors)")
      if code == .ok { continue }
      #expect(output.errors.first?.contains("set max-audiences to \(needed) or more") ?? false)
    }
  }

  @Test("the specification's table is the program's, and the README's")
  func table() throws {
    let root = #filePath.replacingOccurrences(
      of: "Tests/TokenServerTests/Process/VerificationPlaceTests.swift", with: "")
    let page = try String(contentsOfFile: root + "proto-spec/journal.md", encoding: .utf8)
    let start = try #require(page.components(separatedBy: "| status | what it is |").last)
    let rows = start.split(separator: "\n").dropFirst(2).prefix { $0.hasPrefix("|") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    #expect(rows.compactMap { Int32($0[0]) } == ExitCode.allCases.map(\.rawValue))
    // Each that `--verify` knows is met by one of the tests here, and no other.
    let known = Set(rows.filter { $0[2] == "yes" }.compactMap { Int32($0[0]) })
    let met = Set(Self.ways.map(\.code)).union([.usage, .clockBehind, .inUse, .limitTooSmall])
    #expect(known == Set(met.map(\.rawValue)))
    let readme = try String(contentsOfFile: root + "README.md", encoding: .utf8)
    for code in ExitCode.allCases where !(65...70).contains(code.rawValue) {
      #expect(readme.contains("\n| \(code.rawValue) | "), "\(code)")
    }
  }
}
