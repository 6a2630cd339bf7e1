import Foundation
import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct LifecycleTests {
  @Test("SIGTERM ends an idle daemon with status 0, and its sockets are gone")
  func stop() throws {
    let daemon = try RunningDaemon()
    _ = try ServiceConnection(daemon.path)
    #expect(try daemon.stop() == .exited(0))
    #expect(!FileManager.default.fileExists(atPath: daemon.path))
    #expect(!FileManager.default.fileExists(atPath: daemon.adminPath))
  }

  @Test("SIGTERM amid 32 pipelined mutations: each is answered once, then status 0")
  func drain() throws {
    for round in 0..<5 {
      let daemon = try RunningDaemon()
      let connection = try ServiceConnection(daemon.path)
      try connection.switchOn()
      let app = try connection.register()
      let item = IssueItem(
        clientId: app.clientId, user: Array("ann".utf8), scope: [], audience: [],
        lifetimeSeconds: 0, withRefresh: false, count: 4)
      let body = try IssueRequest(items: [item]).encodedBody()
      let ids = UInt32(1)...32
      let frames = ids.map { RawFrame(Opcode.issue.rawValue, $0, body).bytes }
      // The signal falls before, amid and behind the frames, from round to round.
      for (index, frame) in frames.enumerated() {
        if index == round * 8 { daemon.process.signal(SIGTERM) }
        guard try connection.socket.offer(frame) else { break }
      }
      if round * 8 == frames.count { daemon.process.signal(SIGTERM) }
      let (replies, rest) = try connection.socket.readToEnd()
      #expect(rest.isEmpty)
      #expect(Set(replies.map(\.requestId)).count == replies.count, "answered twice")
      let statuses = Set(replies.compactMap { Status(rawValue: $0.status) })
      #expect(statuses.isSubset(of: [.ok, .draining]), "round \(round): \(statuses)")
      // What went out before the signal was accepted for certain.
      let sent = min(round * 8, frames.count)
      #expect(replies.count >= sent, "round \(round): \(replies.count) answers")
      #expect(try daemon.process.waitForEnd() == .exited(0))
    }
  }

  @Test("while it drains, HELLO on a waiting connection is DRAINING, then the end")
  func helloWhileDraining() throws {
    let daemon = try RunningDaemon()
    // Accepted and silent, so the daemon waits for nothing of it: it may only close.
    let silent = try RawSocket(daemon.path)
    daemon.process.signal(SIGTERM)
    let isSent = try silent.offer(ServiceConnection.hello().bytes)
    let (frames, _) = try silent.readToEnd()
    if isSent, let frame = frames.first {
      #expect([.ok, .draining].contains(Status(rawValue: frame.status)))
    }
    #expect(try daemon.process.waitForEnd() == .exited(0))
  }

  @Test("after kill -9 the next daemon starts over the sockets that were left")
  func staleSocket() throws {
    let directory = try TemporaryDirectory()
    let first = try RunningDaemon(in: directory)
    let before = try ServiceConnection(first.path).hello.instance
    first.process.signal(SIGKILL)
    #expect(try first.process.waitForEnd() == .killed(signal: SIGKILL))
    #expect(FileManager.default.fileExists(atPath: first.path))
    let second = try RunningDaemon(in: directory)
    // The same journal, so keys and positions mean the same.
    #expect(try ServiceConnection(second.path).hello.instance == before)
    #expect(try ServiceConnection(second.adminPath).status(of: StatusRequest()) == .ok)
    #expect(try second.stop() == .exited(0))
  }

  @Test("a second daemon on the same directory is refused with status 73, naming the first")
  func secondDaemon() throws {
    let first = try RunningDaemon()
    let second = try ChildProcess(
      RunningDaemon.program, ["--embedded", first.directory.path])
    #expect(try second.waitForEnd() == .exited(73))
    #expect(second.output.contains("in use by process \(first.process.pid)"))
    #expect(try ServiceConnection(first.path).status(of: BarrierRequest()) == .ok)
    #expect(try first.stop() == .exited(0))
  }

  @Test("SIGHUP changes nothing but a line in the log")
  func hangup() throws {
    let daemon = try RunningDaemon()
    daemon.process.signal(SIGHUP)
    #expect(try daemon.process.waitForLine("SIGHUP ignored"))
    #expect(try ServiceConnection(daemon.path).status(of: BarrierRequest()) == .ok)
    #expect(try daemon.stop() == .exited(0))
  }
}
