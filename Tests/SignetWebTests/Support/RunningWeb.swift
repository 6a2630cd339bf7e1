import Foundation
import TestSupport

@testable import signetweb

/// The built `signetweb`, running. It is ready when `init` returns.
final class RunningWeb {
  let directory: TemporaryDirectory
  let process: ChildProcess
  var path: String { "\(directory.path)/run/web.sock" }

  init(service: String, _ flags: [String] = []) throws {
    let directory = try TemporaryDirectory()
    self.directory = directory
    process = try ChildProcess(
      Self.program,
      [
        "--listen", "\(directory.path)/run/web.sock mode=0600", "--service", service,
        "--issuer", "https://id.example", "--workers", "3",
      ] + flags)
    guard try process.waitForLine("ready: ") else {
      throw RunningDaemon.Failure.notReady(try process.waitForEnd(), process.output)
    }
  }

  deinit {
    if process.isRunning {
      process.signal(SIGKILL)
      _ = try? process.waitForEnd()
    }
  }

  static var program: String {
    URL(fileURLWithPath: RunningDaemon.program).deletingLastPathComponent()
      .appendingPathComponent("signetweb").path
  }

  /// SIGTERM; how it ended.
  func stop() throws -> ChildProcess.End {
    process.signal(SIGTERM)
    return try process.waitForEnd()
  }

  /// One request on a connection of its own; the whole output.
  func ask(_ parameters: [(String, String)], _ body: String = "") throws -> String {
    let socket = try RawSocket(path)
    try socket.send(FastCGIText.request(1, parameters, bytes(body)))
    return FastCGIText.output(try socket.readBytesToEnd())
  }

  func get(_ path: String, _ more: [(String, String)] = []) throws -> String {
    try ask([("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", path)] + more)
  }

  func post(_ path: String, _ form: String, _ more: [(String, String)] = []) throws -> String {
    try ask(
      [
        ("REQUEST_METHOD", "POST"), ("DOCUMENT_URI", path),
        ("CONTENT_TYPE", "application/x-www-form-urlencoded"),
      ] + more, form)
  }
}
