import FakeSignet
import Foundation
import Testing
import TokenWire

@testable import signetctl

/// The built program as a process: exit status, streams, standard input.
@Suite struct ProcessTests {
  struct Ended {
    var status: Int32
    var output: String
    var errors: String
  }

  /// `signetctl` lies beside the test bundle.
  static var program: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("signetctl")
  }

  func start(_ arguments: [String], input: String = "") throws -> Ended {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.environment = ["TERM": "xterm"]
    let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = stdin
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Ended(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: complaints, as: UTF8.self))
  }

  @Test func doneIs0() throws {
    let server = FakeServer { peer in
      peer.hello()
      let request = peer.answer(RevokeRequest.self, RevokeReply(position: 2, revoked: true))
      #expect(request.subject == Array("sga_secret".utf8))
    }
    let ended = try start(["revoke", "-", "--socket", server.path], input: "sga_secret\n")
    server.finish()
    #expect(ended.status == 0)
    #expect(ended.output == "Revoked.\nrevoked   yes\nposition  2\n")
    #expect(ended.errors.isEmpty)
  }

  @Test func refusedIs1() throws {
    let server = FakeServer { peer in
      peer.hello()
      peer.refuse(StatusRequest.self, .denied, message: "uid 5 has no right admin")
    }
    let ended = try start(["status", "--socket", server.path])
    server.finish()
    #expect(ended.status == 1)
    #expect(ended.errors == "signetctl: DENIED: uid 5 has no right admin\n")
  }

  @Test func usageIs2() throws {
    #expect(try start(["frobnicate"]).status == 2)
    #expect(try start(["status", "--frobnicate"]).status == 2)
  }

  @Test func noServiceIs3() throws {
    let ended = try start(["status", "--socket", "/tmp/signetctl-absent/s.sock"])
    #expect(ended.status == 3)
    #expect(ended.errors.contains("/tmp/signetctl-absent/s.sock"))
  }

  @Test func helpIs0AndOnStandardOutput() throws {
    let ended = try start(["--help"])
    #expect(ended.status == 0)
    #expect(ended.output.hasPrefix("usage: signetctl"))
    #expect(ended.errors.isEmpty)
  }

  @Test func aPipeGetsNoColourAndNoSpinner() throws {
    let server = FakeServer { peer in
      peer.hello()
      peer.answer(
        KeysListRequest.self,
        KeysListReply(
          position: 1, keys: [KeyEntry(keyId: 1, state: 1, createdAt: 0, liveTokens: 4)]))
    }
    let ended = try start(["keys", "list", "--socket", server.path])
    server.finish()
    #expect(ended.output == "KEY  STATE    CREATED  LIVE TOKENS\n1    primary  -        4\n")
    #expect(!ended.output.contains("\u{1B}"))
    #expect(ended.errors.isEmpty)
  }
}
