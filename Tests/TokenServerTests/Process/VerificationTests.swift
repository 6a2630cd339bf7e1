import Foundation
import LinuxIO
import StorageSupport
import Testing
import TokenStorage

@testable import TokenServer

/// `signetd --verify`: file by file, the exit status of a start, nothing changed.
@Suite("Verification")
struct VerificationTests {
  let directory = TestDirectory()
  private var data: String { directory.path + "/data" }
  private var key: String { directory.path + "/root.key" }

  /// A journal of a few segments, with the key of the storage tests.
  private func makeJournal() throws -> [String: [UInt8]] {
    let driver = JournalDriver(seed: 9)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    for step in 0..<8 { #expect(driver.append(commits: 2, large: step % 3 == 0) == nil) }
    #expect(driver.seal() == nil)
    try FileManager.default.createDirectory(
      atPath: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    for (name, bytes) in disk.files { try write(bytes, to: "\(data)/\(name)") }
    try write([UInt8](0..<32), to: key)
    return disk.files
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  private func verify(json: Bool = false, key: String? = nil) throws -> (ExitCode, Captured) {
    var flags = MaintenanceFlags()
    flags.verifiedDirectory = data
    flags.rootKeyFile = key ?? self.key
    flags.wantsJSON = json
    let captured = Captured()
    return (try Verification.run(flags, nil, captured.console), captured)
  }

  private func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: data) {
      contents[name] = try Data(contentsOf: URL(fileURLWithPath: "\(data)/\(name)"))
    }
    return contents
  }

  @Test("a whole journal: every file, the verdict, status 0")
  func whole() throws {
    let files = try makeJournal()
    let before = try contents()
    let (code, output) = try verify()
    #expect(code == .ok && output.errors.isEmpty)
    for name in files.keys { #expect(output.text.contains("\(name): ")) }
    #expect(output.text.contains("whole: 16 commits, the last at position 16, stopped as asked\n"))
    #expect(try contents() == before)
  }

  @Test("damage: one line with file, offset, finding and advice, and the status of a start")
  func damaged() throws {
    var files = try makeJournal()
    let segment = try #require(files.keys.filter { $0.hasPrefix("seg-") }.min())
    files[segment]?[4_096 + 80] ^= 1
    try write(try #require(files[segment]), to: "\(data)/\(segment)")
    let before = try contents()
    let (code, output) = try verify()
    #expect(code == .damaged)
    let line = try #require(output.errors.first)
    #expect(output.errors.count == 1 && line.hasSuffix("\n") && !line.dropLast().contains("\n"))
    #expect(line.contains("\(data)/\(segment), byte 4096: batch 1: the checksum of its text"))
    #expect(line.contains("restore a backup"))
    #expect(try contents() == before)
  }

  @Test("JSON: one object that parses, with files, verdict and refusal")
  func json() throws {
    var files = try makeJournal()
    let good = try verify(json: true).1
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(good.text.utf8)) as? [String: Any])
    #expect(object["verdict"] as? String == "whole" && object["exitCode"] as? Int == 0)
    #expect((object["files"] as? [[String: Any]])?.count == files.count)
    #expect((object["instance"] as? String)?.count == 32)
    files["FORMAT"]?[30] ^= 1
    try write(try #require(files["FORMAT"]), to: "\(data)/FORMAT")
    let (code, bad) = try verify(json: true)
    let refused = try #require(
      JSONSerialization.jsonObject(with: Data(bad.text.utf8)) as? [String: Any])
    let refusal = try #require(refused["refusal"] as? [String: Any])
    #expect(code == .damaged && bad.errors.isEmpty)
    #expect(refusal["file"] as? String == "FORMAT" && refusal["offset"] as? Int == 0)
  }

  @Test("without the root key a journal is refused with its own status, and an empty place is not")
  func withoutKey() throws {
    _ = try makeJournal()
    let (code, output) = try verify(key: directory.path + "/missing.key")
    #expect(code == .rootKeyMissing && output.errors.first?.contains("FORMAT") ?? false)
    for name in try contents().keys {
      try FileManager.default.removeItem(atPath: "\(data)/\(name)")
    }
    #expect(try verify(key: directory.path + "/missing.key").0 == .ok)
  }

  @Test("another root key is refused with its own status")
  func wrongKey() throws {
    _ = try makeJournal()
    try write([UInt8](repeating: 7, count: 32), to: key)
    #expect(try verify().0 == .notAuthentic)
  }

  @Test("a directory that a daemon uses is refused; a lock that nobody holds is left as it is")
  func inUse() throws {
    _ = try makeJournal()
    do {
      let held = try DataDirectory(path: data)
      let error = try #require(throws: StartError.self) { _ = try verify() }
      #expect(error.code == .inUse && error.message.contains("process \(CurrentProcess.id)"))
      _ = held.lockPath
    }
    let before = try contents()
    #expect(before["LOCK"] != nil)
    #expect(try verify().0 == .ok)
    #expect(try contents() == before)
  }

  @Test("a path that is no directory is named")
  func missing() throws {
    let error = try #require(throws: StartError.self) { _ = try verify() }
    #expect(error.code == .unreadable && error.message.contains(data))
  }

  @Test(
    "the flags belong together",
    arguments: [
      ["--verify", "/d", "--max-apps", "5"], ["--json"], ["--root-key", "/k"],
      ["--verify", "/d", "--salvage"], ["--salvage", "--check-config"], ["--keep-tokens"],
      ["--restore", "/b", "--keep-tokens"], ["--revocations-from", "/d"], ["--salvage=yes"],
    ])
  func flags(_ arguments: [String]) {
    #expect(throws: ConfigurationError.self) { _ = try LaunchFlags(arguments) }
  }

  @Test("the flags are read")
  func flagsRead() throws {
    let verify = try LaunchFlags(["--verify=/d", "--root-key", "/k", "--json"])
    #expect(verify.action == .verify && verify.maintenance.verifiedDirectory == "/d")
    #expect(verify.maintenance.rootKeyFile == "/k" && verify.maintenance.wantsJSON)
    let restore = try LaunchFlags([
      "--restore", "/b", "--embedded", "/e", "--keep-tokens", "--revocations-from", "/n",
    ])
    #expect(restore.action == .restore && restore.maintenance.backupDirectory == "/b")
    #expect(restore.maintenance.keepsTokens && restore.maintenance.revocationsDirectory == "/n")
    #expect(try LaunchFlags(["--salvage", "--embedded", "/e"]).action == .salvage)
  }
}

/// What was written where. Used by one thread.
final class Captured: @unchecked Sendable {
  private(set) var text = ""
  private(set) var errors: [String] = []

  var console: MaintenanceConsole {
    MaintenanceConsole(
      write: { self.text += $0 }, showProgress: nil,
      log: Log(level: .info, nowMillis: { 0 }, write: { self.errors.append($0) }))
  }
}
