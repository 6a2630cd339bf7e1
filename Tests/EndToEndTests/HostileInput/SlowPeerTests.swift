import Foundation
import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct SlowPeerTests {
  @Test("a writer that trickles a frame is TIMEOUT all the same: bytes do not move the deadline")
  func trickle() throws {
    let daemon = try RunningDaemon(["--frame-timeout-seconds", "1"])
    let connection = try ServiceConnection(daemon.path)
    // A frame of 60,000 bytes at some hundred a second would take minutes.
    try connection.socket.send(RawFrame(2, 7, statedLength: 60_000).bytes)
    connection.socket.deadlineMillis = 10
    var reply: RawFrame?
    var sent = 0
    while reply == nil && sent < 10_000 {
      if try !connection.socket.offer([0]) { break }
      sent += 1
      reply = try readIfAny(connection.socket)
    }
    #expect(reply?.status == Status.timeout.rawValue, "after \(sent) bytes")
    #expect(reply?.requestId == 7)
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("readers that never read cost bounded memory and nobody else's answers")
  func neverReads() throws {
    let daemon = try RunningDaemon(["--slow-reader-timeout-seconds", "3600"])
    let bystander = try Bystander(daemon)
    try bystander.check(0)
    let before = daemon.residentBytes
    #expect(before > 0)
    var silent: [ServiceConnection] = []
    let ping = RawFrame(
      2, 7, try PingRequest(echo: Array(repeating: 1, count: 1_024)).encodedBody()
    ).bytes
    let burst = Array(repeating: ping, count: 60).flatMap { $0 }
    for number in UInt32(1)...10 {
      let connection = try ServiceConnection(daemon.path)
      let taken = try fill(connection.socket, burst)
      // 1 MiB of replies, one read of input, and the kernel's buffers.
      #expect(taken < 8 << 20, "the server took \(taken) bytes of a reader that never reads")
      silent.append(connection)
      try bystander.check(number)
    }
    let grown = daemon.residentBytes - before
    #expect(grown < silent.count * (4 << 20), "\(grown) bytes for \(silent.count) silent readers")
    for connection in silent { connection.socket.close() }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("a reader that takes nothing for a second is closed without a frame")
  func slowReader() throws {
    let daemon = try RunningDaemon(["--slow-reader-timeout-seconds", "1"])
    let connection = try ServiceConnection(daemon.path)
    let ping = RawFrame(
      2, 7, try PingRequest(echo: Array(repeating: 1, count: 1_024)).encodedBody()
    ).bytes
    _ = try fill(connection.socket, Array(repeating: ping, count: 60).flatMap { $0 })
    // Sending goes on to fail only when the server has closed.
    while try connection.socket.offer(ping) {}
    let (frames, _) = try connection.socket.readToEnd()
    #expect(frames.allSatisfy { $0.status == 0 })
    try Bystander(daemon).check(1)
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("an idle connection is closed without a frame")
  func idle() throws {
    let daemon = try RunningDaemon(["--idle-timeout-seconds", "1"])
    let connection = try ServiceConnection(daemon.path)
    let (frames, rest) = try connection.socket.readToEnd()
    #expect(frames.isEmpty && rest.isEmpty)
    #expect(try daemon.stop() == .exited(0))
  }

  /// Sends until the server takes no more; how many bytes it took.
  private func fill(_ socket: RawSocket, _ burst: [UInt8]) throws -> Int {
    var taken = 0
    socket.deadlineMillis = 500
    defer { socket.deadlineMillis = 60_000 }
    while taken < 64 << 20 {
      var rest = burst[...]
      while !rest.isEmpty {
        let count = try socket.sendSome(Array(rest))
        rest = rest.dropFirst(count)
        taken += count
        if count == 0, try !socket.waitToSend() { return taken }
      }
    }
    return taken
  }

  private func readIfAny(_ socket: RawSocket) throws -> RawFrame? {
    do {
      return try socket.readFrame()
    } catch RawSocket.Failure.silent {
      return nil
    }
  }
}
