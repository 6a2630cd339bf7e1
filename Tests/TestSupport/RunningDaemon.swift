public import Foundation

/// The built `signetd`, running in a directory of its own. It is ready when `init` returns.
public final class RunningDaemon {
  public enum Failure: Error {
    /// It ended before it was ready; the text is what it wrote.
    case notReady(ChildProcess.End, String)
  }

  public let directory: TemporaryDirectory
  public let process: ChildProcess
  /// The socket for gateways, with every right.
  public var path: String { "\(directory.path)/run/signet.sock" }
  public var adminPath: String { "\(directory.path)/run/admin.sock" }

  /// Starts `signetd --embedded` with more flags. With `directory` it takes over what an earlier
  /// daemon left there.
  public init(_ flags: [String] = [], in directory: TemporaryDirectory? = nil) throws {
    let home = try directory ?? TemporaryDirectory()
    self.directory = home
    process = try ChildProcess(Self.program, ["--embedded", home.path] + Self.smallJournal + flags)
    try waitUntilReady()
  }

  /// Starts `signetd --config` with these lines. `path` and `adminPath` mean nothing then.
  public init(configuration lines: [String], in directory: TemporaryDirectory) throws {
    self.directory = directory
    let file = try directory.write("signetd.conf", lines.map { $0 + "\n" }.joined())
    process = try ChildProcess(Self.program, ["--config", file])
    try waitUntilReady()
  }

  /// Segments and a reserve that cost a test little.
  private static let smallJournal = [
    "--journal-segment-mib", "1", "--revocation-reserve-mib", "1",
  ]

  deinit {
    if process.isRunning {
      process.signal(SIGKILL)
      _ = try? process.waitForEnd()
    }
  }

  private func waitUntilReady() throws {
    if try process.waitForLine("ready: ") { return }
    throw Failure.notReady(try process.waitForEnd(), process.output)
  }

  /// SIGTERM; how it ended.
  public func stop() throws -> ChildProcess.End {
    process.signal(SIGTERM)
    return try process.waitForEnd()
  }

  /// Resident memory in bytes.
  public var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }) ?? []
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * 1_024
  }

  /// The product built with these tests: it lies beside their bundle.
  public static var program: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent()
      .appendingPathComponent("signetd").path
  }
}

/// The file at `path` under the root of the repository.
public func repositoryFile(_ path: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(path)
}
