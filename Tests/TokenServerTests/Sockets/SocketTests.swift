import Foundation
import Glibc
import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct SocketTests {
  @Test("one connection too many is told so, and there is room again when another closes")
  func cap() throws {
    let server = try TestServer(limits: { $0.maxConnectionsPerUid = 3 })
    defer { server.stop() }
    var clients = try (0..<3).map { _ in try TestClient(server.path, maxFrame: 0) }
    let refused = try TestClient(server.path)
    let reply = try #require(try refused.read())
    #expect(reply.status == .tooManyConnections)
    #expect(reply.header.opcode == 1)
    #expect(reply.header.requestId == 0)
    let uid = CurrentProcess.effectiveUserID
    #expect(
      reply.message
        == "uid \(uid) has 3 connections, the most of one user; raise max-connections-per-uid")
    #expect(try refused.read() == nil)
    try clients[0].synchronize()
    clients.removeLast()
    try admitAgain(server)
  }

  /// Tries until the close has been counted; every refused try is answered, so this waits for
  /// events.
  private func admitAgain(_ server: TestServer) throws {
    for _ in 0..<10_000 {
      let client = try TestClient(server.path)
      do {
        if try client.hello().status == .ok { return }
      } catch TestClient.ClientError.closed {
        continue
      }
    }
    Issue.record("the closed connection was never counted")
  }

  @Test("when all other connections are taken the administrator still gets in")
  func adminReserve() throws {
    let server = try TestServer(limits: {
      $0.maxConnections = 6
      $0.adminReservedConnections = 2
    })
    defer { server.stop() }
    let clients = try (0..<4).map { _ in try TestClient(server.path, maxFrame: 0) }
    let refused = try TestClient(server.path)
    #expect(try refused.read()?.status == .tooManyConnections)
    let admins = try (0..<2).map { _ in try TestClient(server.adminPath, maxFrame: 0) }
    for client in clients + admins { try client.synchronize() }
    let third = try TestClient(server.adminPath)
    #expect(try third.read()?.status == .tooManyConnections)
  }

  @Test("descriptors exhausted: one peer is shed, the others wait, nothing spins")
  func descriptorsExhausted() async {
    await #expect(processExitsWith: .success) {
      let server = try TestServer()
      // Once this is answered the server has every descriptor of its own.
      let probe = try TestClient(server.path, maxFrame: 0)
      let sockets = (0..<12).map { _ in
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      }
      // Room for two more descriptors: the limit is on their numbers, and all below are taken.
      var limit = rlimit(rlim_cur: rlim_t(sockets.max()! + 3), rlim_max: 4_096)
      let result = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      try #require(result == 0)
      for raw in sockets { try connectRaw(raw, server.path) }
      var clients = sockets.map { TestClient(owning: FileDescriptor(owning: $0)) }
      for client in clients[..<2] { try #require(try client.hello().status == .ok) }
      // The third sees a closed connection, not silence.
      try #require(try clients[2].readToEnd() == [])
      for client in clients[..<2] { try client.synchronize() }
      // The server tries again each second and sheds one more if it is still short, so on a slow
      // machine the first in line may go too before this close reaches it.
      clients.remove(at: 0)
      try #require(try clients[2...].contains { try $0.isAnswered() })
      try probe.synchronize()
      let complaints = server.logLines.all.filter { $0.contains("accepting nobody") }
      try #require((1...clients.count).contains(complaints.count))
    }
  }

  @Test("the socket files have exactly the modes configured, whatever the umask")
  func modes() throws {
    let directory = TestDirectory()
    for mode: UInt32 in [0o600, 0o660, 0o666] {
      let path = "\(directory.path)/\(mode).sock"
      let socket = try ServerSocket(
        ListenerConfiguration(path: path, mode: mode, rights: .validate),
        groupNumber: { _ in nil })
      #expect(try FileStatus.ofPath(path)?.modeBits == mode)
      _ = socket
    }
  }

  @Test("the socket's directory is made, and is writable by its owner alone")
  func directory() throws {
    let directory = TestDirectory()
    let path = directory.path + "/run/s.sock"
    let socket = try bind(path)
    #expect(try FileStatus.ofPath(directory.path + "/run")?.modeBits == 0o755)
    _ = socket
  }

  @Test("a directory in which others could swap the socket is refused")
  func sharedDirectory() throws {
    let directory = TestDirectory()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: directory.path)
    let path = directory.path + "/s.sock"
    let error = try #require(throws: StartError.self) { try bind(path) }
    #expect(error.code == .system)
    #expect(error.message.contains(directory.path))
    #expect(error.message.contains("chmod 0755"))
  }

  @Test("a stale socket is replaced, a served one and a plain file are left alone")
  func staleSocket() throws {
    let directory = TestDirectory()
    let path = directory.path + "/s.sock"
    let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    try bindRaw(raw, path)
    close(raw)
    let first = try bind(path)
    let served = try #require(throws: StartError.self) { try bind(path) }
    #expect(served.code == .inUse)
    #expect(served.message.contains(path))
    _ = first
    let file = directory.path + "/file"
    try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
    let error = try #require(throws: StartError.self) { try bind(file) }
    #expect(error.code == .system)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("precious".utf8))
  }

  @Test("a group that does not exist stops the start")
  func unknownGroup() throws {
    let directory = TestDirectory()
    let listener = ListenerConfiguration(
      path: directory.path + "/s.sock", mode: 0o660, group: .name("nosuch"), rights: .validate)
    let error = try #require(throws: StartError.self) {
      try ServerSocket(listener, groupNumber: { _ in nil })
    }
    #expect(error.code == .usage)
    #expect(error.message.contains("group=nosuch names no group of this system"))
  }

  private func bind(_ path: String) throws(StartError) -> ServerSocket {
    try ServerSocket(
      ListenerConfiguration(path: path, mode: 0o600, rights: .all), groupNumber: { _ in nil })
  }
}

private func address(_ path: String) -> sockaddr_un {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
    unsafe bytes.copyBytes(from: path.utf8)
  }
  return address
}

func connectRaw(_ raw: Int32, _ path: String) throws {
  var address = address(path)
  let size = socklen_t(MemoryLayout<sockaddr_un>.size)
  let result = unsafe withUnsafePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(raw, $0, size) }
  }
  try #require(result == 0)
}

func bindRaw(_ raw: Int32, _ path: String) throws {
  var address = address(path)
  let size = socklen_t(MemoryLayout<sockaddr_un>.size)
  let result = unsafe withUnsafePointer(to: &address) {
    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe Glibc.bind(raw, $0, size)
    }
  }
  try #require(result == 0)
}
