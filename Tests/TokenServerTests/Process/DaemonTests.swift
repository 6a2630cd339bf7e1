import Foundation
import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

/// The daemon itself, as a process of its own.
struct DaemonTests {
  @Test("start, serve, refuse a second, drain on SIGTERM, start again with the same key")
  func life() throws {
    let directory = TestDirectory()
    let home = directory.path + "/home"
    let first = try Daemon(["--embedded", home])
    #expect(try first.waitForLine("ready: \(home)/run/signet.sock"))
    let client = try TestClient(home + "/run/signet.sock", maxFrame: 0)
    try client.synchronize()
    let key = try Data(contentsOf: URL(fileURLWithPath: home + "/root.key"))

    let second = try Daemon(["--embedded", home])
    #expect(try second.waitForExit() == ExitCode.inUse.rawValue)
    #expect(second.output.contains("is in use by process \(first.process.processIdentifier)"))

    kill(first.process.processIdentifier, SIGHUP)
    #expect(try first.waitForLine("SIGHUP ignored"))
    try client.synchronize()
    first.process.terminate()
    #expect(try client.read() == nil)
    #expect(try first.waitForExit() == 0)

    let again = try Daemon(["--embedded", home])
    #expect(try again.waitForLine("ready: "))
    #expect(try Data(contentsOf: URL(fileURLWithPath: home + "/root.key")) == key)
    kill(again.process.processIdentifier, SIGINT)
    #expect(try again.waitForExit() == 0)
  }

  @Test("a killed daemon leaves nothing that hinders the next")
  func killed() throws {
    let directory = TestDirectory()
    let home = directory.path + "/home"
    let first = try Daemon(["--embedded", home])
    #expect(try first.waitForLine("ready: "))
    kill(first.process.processIdentifier, SIGKILL)
    _ = try first.waitForExit()
    let next = try Daemon(["--embedded", home])
    #expect(try next.waitForLine("ready: "))
    _ = try TestClient(home + "/run/signet.sock", maxFrame: 0)
    next.process.terminate()
    #expect(try next.waitForExit() == 0)
  }

  @Test("a second data directory does not help a daemon to another's socket")
  func sameSocket() throws {
    let directory = TestDirectory()
    func flags(_ name: String) -> [String] {
      [
        "--data-directory", "\(directory.path)/\(name)",
        "--root-key-file", "\(directory.path)/\(name).key",
        "--admin-socket", directory.path + "/admin.sock",
        "--durability", "volatile", "--accept-data-loss", "yes",
      ]
    }
    let first = try Daemon(flags("a"))
    #expect(try first.waitForLine("ready: "))
    let second = try Daemon(flags("b"))
    #expect(try second.waitForExit() == ExitCode.inUse.rawValue)
    #expect(second.output.contains("admin.sock is served by a running process"))
    _ = try TestClient(directory.path + "/admin.sock", maxFrame: 0)
    first.process.terminate()
    #expect(try first.waitForExit() == 0)
  }

  @Test("--check-config prints the settings and starts nothing")
  func checkConfiguration() throws {
    let directory = TestDirectory()
    let file = directory.path + "/signetd.conf"
    let text = minimalFile.replacing("/var/lib/signet", with: directory.path + "/data")
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let check = try Daemon(["--config", file, "--check-config"])
    #expect(try check.waitForExit() == 0)
    #expect(check.output.hasPrefix("configuration ok\ndata-directory = \(directory.path)/data\n"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/data"))

    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file)
    let unsafe = try Daemon(["--config", file, "--check-config"])
    #expect(try unsafe.waitForExit() == ExitCode.usage.rawValue)
    #expect(
      unsafe.output
        == "signetd: error: \(file): mode 0666 lets others write the file; chmod go-w it\n")

    let missing = try Daemon(["--config", directory.path + "/none"])
    #expect(try missing.waitForExit() == ExitCode.usage.rawValue)
    #expect(missing.output.contains("check the path given with --config"))
  }

  @Test("with few open files the daemon lowers its limit, with far too few it does not start")
  func fewDescriptors() throws {
    let directory = TestDirectory()
    let few = try Daemon(["--embedded", directory.path + "/a", "--workers", "1"], openFiles: 200)
    #expect(try few.waitForLine("max-connections lowered from 4096 to 132"))
    #expect(try few.waitForLine("ready: "))
    few.process.terminate()
    #expect(try few.waitForExit() == 0)
    let none = try Daemon(["--embedded", directory.path + "/b", "--workers", "1"], openFiles: 70)
    #expect(try none.waitForExit() == ExitCode.system.rawValue)
    #expect(none.output.contains("70 open files are too few to serve"))
  }

  @Test("hashing that peers could foresee is refused")
  func deterministicHashing() throws {
    let directory = TestDirectory()
    let daemon = try Daemon(
      ["--embedded", directory.path + "/home"],
      environment: ["SWIFT_DETERMINISTIC_HASHING": "1"])
    #expect(try daemon.waitForExit() == ExitCode.usage.rawValue)
    #expect(daemon.output.contains("SWIFT_DETERMINISTIC_HASHING is set"))
    #expect(!FileManager.default.fileExists(atPath: directory.path + "/home"))
  }

  @Test("--version and --help answer on standard output with 0")
  func texts() throws {
    let version = try Daemon(["--version"])
    #expect(try version.waitForExit() == 0)
    #expect(version.output == "signetd \(ServerVersion.number)\n")
    let help = try Daemon(["--help"])
    #expect(try help.waitForExit() == 0)
    #expect(help.output == Usage.text)
  }

  /// `signetd` as it was built beside these tests.
  ///
  /// The end of its output is not waited for: another process started meanwhile may have inherited
  /// the pipe. What a process wrote is in the pipe when it has ended.
  private final class Daemon {
    let process = Process()
    private let reading: FileDescriptor
    private var text: [UInt8] = []

    init(_ arguments: [String], openFiles: Int? = nil, environment: [String: String] = [:]) throws {
      let pipe = Pipe()
      let program = Self.directory + "/signetd"
      if let openFiles {
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
          ["-c", "ulimit -n \(openFiles); exec \"$0\" \"$@\"", program] + arguments
      } else {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
      }
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardOutput = pipe
      process.standardError = pipe
      reading = FileDescriptor(owning: dup(pipe.fileHandleForReading.fileDescriptor))
      try reading.setNonBlocking(true)
      try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var output: String { String(decoding: text, as: UTF8.self) }

    /// Waits for a piece of output; false when the output ends without it.
    func waitForLine(_ piece: String) throws -> Bool {
      while !output.contains(piece) {
        guard try reading.poll(for: .readable, timeoutMillis: 30_000) else { return false }
        if try !readMore() { return false }
      }
      return true
    }

    /// Waits for the end of the process: its exit status.
    func waitForExit() throws -> Int32 {
      process.waitUntilExit()
      while try readMore() {}
      return process.terminationStatus
    }

    private func readMore() throws -> Bool {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let result = try unsafe buffer.withUnsafeMutableBytes { try unsafe reading.read(into: $0) }
      guard case .bytes(let count) = result else { return false }
      text += buffer[..<count]
      return true
    }

    private static var directory: String {
      // Beside the test bundle, or beside the program that runs it.
      let candidates = [
        Bundle.main.bundlePath, (CommandLine.arguments[0] as NSString).deletingLastPathComponent,
        FileManager.default.currentDirectoryPath + "/.build/debug",
      ]
      return candidates.first { FileManager.default.isExecutableFile(atPath: $0 + "/signetd") }
        ?? candidates[2]
    }
  }
}
