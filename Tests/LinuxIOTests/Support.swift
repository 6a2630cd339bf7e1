import Foundation
import LinuxIO
import Testing

/// A directory that goes away with the test.
final class TemporaryDirectory {
  let path: String

  init() {
    path = "/tmp/linuxio-\(UUID().uuidString)"
    do {
      try Directory.create(path: path, modeBits: 0o700)
    } catch {
      fatalError("no temporary directory: \(error)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// A file with exactly this mode.
  func makeFile(_ name: String, _ bytes: [UInt8] = [], modeBits: UInt32 = 0o600) -> String {
    let path = file(name)
    let isMade = FileManager.default.createFile(atPath: path, contents: Data(bytes))
    precondition(isMade, "the test could not make \(path)")
    changeMode(path, modeBits)
    return path
  }

  /// A directory below this one whose own path has 200 characters.
  func makeLongDirectory() throws -> String {
    var long = path
    while long.utf8.count < 190 { long += "/d2345678" }
    long += "/" + String(repeating: "x", count: 199 - long.utf8.count)
    try Directory.create(path: long, modeBits: 0o700, parents: true)
    #expect(long.utf8.count == 200)
    return long
  }
}

func modeBits(_ path: String) -> UInt32? {
  (try? FileStatus.ofPath(path))?.modeBits
}

func send(_ bytes: [UInt8], on descriptor: borrowing FileDescriptor) throws -> IOResult {
  let span = unsafe bytes.span.bytes
  return try unsafe span.withUnsafeBytes { (raw) throws(SystemError) in
    try unsafe descriptor.send(raw)
  }
}

/// One read.
func receive(
  from descriptor: borrowing FileDescriptor, limit: Int = 4096
) throws -> (result: IOResult, bytes: [UInt8]) {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
  defer { unsafe buffer.deallocate() }
  let result = try unsafe descriptor.read(into: buffer)
  guard case .bytes(let count) = result else { return (result, []) }
  return (result, unsafe Array(buffer.prefix(count)))
}

/// The connection that must be waiting.
func acceptOne(_ listener: borrowing UnixListener) throws -> AcceptedConnection {
  switch listener.accept() {
  case .accepted(let connection): return connection
  default: throw TestFailure("nobody was waiting to be accepted")
  }
}

/// A word for an outcome, as outcomes with a connection compare to nothing.
func name(of outcome: consuming AcceptOutcome) -> String {
  switch consume outcome {
  case .accepted: "accepted"
  case .wouldBlock: "wouldBlock"
  case .transient: "transient"
  case .descriptorsExhausted(let errno): "exhausted \(errno.rawValue)"
  }
}

struct TestFailure: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

/// Running as root, so that files may be given to other users.
let isRoot = geteuid() == 0
let nobody: UInt32 = 65534
