import Foundation
import TestSupport
import Testing
import TokenWire

/// `--verify`, `--salvage` and `--restore` with the real program on a directory that it wrote.
@Suite(.serialized) struct SalvageTests {
  /// A service that was stopped as asked, with a token from before its backup and one from after.
  private struct Stopped {
    let directory: TemporaryDirectory
    let app: RegisteredApp
    let early: [UInt8]
    let revoked: [UInt8]
    let late: [UInt8]
    var data: String { directory.path + "/data" }
    var backup: String { directory.path + "/backup/night" }

    init() throws {
      directory = try TemporaryDirectory()
      let daemon = try RunningDaemon(in: directory)
      let connection = try ServiceConnection(daemon.adminPath)
      try connection.switchOn()
      app = try connection.register()
      early = try connection.issue(app, user: "ann")[0].accessToken
      revoked = try connection.issue(app, user: "bob")[0].accessToken
      _ = try connection.call(BackupRequest(name: Array("night".utf8)))
      _ = try connection.call(RevokeUserRequest(user: Array("bob".utf8), reason: .allSessions))
      late = try connection.issue(app, user: "cleo")[0].accessToken
      #expect(try daemon.stop() == .exited(0))
    }
  }

  /// Runs `signetd` with flags to its end; both of its streams.
  private func run(_ flags: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: RunningDaemon.program)
    process.arguments = flags
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private func verdicts(_ directory: TemporaryDirectory, _ stopped: Stopped) throws -> [Verdict?] {
    let daemon = try RunningDaemon(in: directory)
    let found = try ServiceConnection(daemon.path).verdicts(
      [stopped.early, stopped.revoked, stopped.late])
    #expect(try daemon.stop() == .exited(0))
    return found
  }

  @Test(
    "a damaged journal is refused by a start and by --verify, salvaged, and no token is revived")
  func salvage() throws {
    let stopped = try Stopped()
    let names = try FileManager.default.contentsOfDirectory(atPath: stopped.data)
    let name = try #require(names.first { $0.hasPrefix("seg-") })
    let url = URL(fileURLWithPath: "\(stopped.data)/\(name)")
    var bytes = try Data(contentsOf: url)
    bytes[4_096 * 4 + 80] ^= 0x10
    try bytes.write(to: url)
    let home = stopped.directory.path
    let start = try run(["--embedded", home])
    #expect(start.status == 65 && start.output.contains("\(name), byte 16384"))
    let verify = try run(["--verify", stopped.data, "--root-key", home + "/root.key"])
    #expect(verify.status == 65)
    let salvage = try run(["--salvage", "--embedded", home])
    #expect(salvage.status == 0, "\(salvage.output)")
    #expect(salvage.output.contains("lost: \(name), from byte 16384 on"))
    #expect(
      try run(["--verify", stopped.data, "--root-key", home + "/root.key"]).status == 0)
    #expect(try !verdicts(stopped.directory, stopped).contains(.valid))
    // A second one has nothing to do and harms nothing.
    #expect(try run(["--salvage", "--embedded", home]).output.contains("nothing was changed"))
  }

  @Test("a restore revokes what was issued before the backup, or keeps what was not revoked since")
  func restore() throws {
    let stopped = try Stopped()
    let verify = try run([
      "--verify", stopped.backup, "--root-key", stopped.directory.path + "/root.key",
    ])
    #expect(verify.status == 0 && verify.output.contains("MANIFEST: backup of journal"))
    for keeps in [false, true] {
      let fresh = try TemporaryDirectory()
      try FileManager.default.copyItem(
        atPath: stopped.directory.path + "/root.key", toPath: fresh.path + "/root.key")
      let more = keeps ? ["--keep-tokens", "--revocations-from", stopped.data] : []
      let flags = ["--restore", stopped.backup, "--embedded", fresh.path] + more
      let restored = try run(flags)
      #expect(restored.status == 0, "\(restored.output)")
      let found = try verdicts(fresh, stopped)
      #expect(found.map { $0 == .valid } == (keeps ? [true, false, true] : [false, false, false]))
      #expect(try run(flags).status == 64, "into a directory that is not empty")
    }
  }
}
