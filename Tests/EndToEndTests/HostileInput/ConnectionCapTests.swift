import Foundation
import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct ConnectionCapTests {
  @Test("of 1,200 connections of one uid 1,024 are served, the rest TOO_MANY_CONNECTIONS")
  func perUid() throws {
    let daemon = try RunningDaemon()
    var served: [ServiceConnection] = []
    var refused = 0
    for _ in 0..<1_200 {
      do {
        served.append(try ServiceConnection(daemon.path))
      } catch let refusal as ServiceConnection.Refused {
        #expect(refusal.status == .tooManyConnections)
        #expect(refusal.retryAfterMillis > 0)
        refused += 1
      }
    }
    #expect(served.count == 1_024)
    #expect(refused == 176)
    // The operator gets in, and those who are in are served.
    let admin = try (0..<16).map { _ in try ServiceConnection(daemon.adminPath) }
    for connection in admin {
      #expect(try connection.status(of: StatusRequest()) == .ok)
    }
    for connection in served {
      #expect(try connection.status(of: PingRequest(echo: [])) == .ok)
    }
    // A place that is given up is taken by the next.
    served.removeLast().socket.close()
    #expect(try comesIn(daemon.path))
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("the refusal at accept has opcode 1 and request id 0, and the connection ends")
  func refusalFrame() throws {
    let daemon = try RunningDaemon(["--max-connections-per-uid", "1"])
    let first = try ServiceConnection(daemon.path)
    let second = try RawSocket(daemon.path)
    let (frames, rest) = try second.readToEnd()
    #expect(rest.isEmpty)
    let frame = try #require(frames.first)
    #expect(frames.count == 1)
    #expect(frame.status == Status.tooManyConnections.rawValue)
    #expect(frame.opcode == Opcode.hello.rawValue)
    #expect(frame.requestId == 0)
    #expect(try first.status(of: BarrierRequest()) == .ok)
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("with all connections used up the admin socket still has its sixteen")
  func adminReserve() throws {
    let daemon = try RunningDaemon(["--max-connections", "40"])
    var served: [ServiceConnection] = []
    for _ in 0..<30 {
      if let connection = try? ServiceConnection(daemon.path) { served.append(connection) }
    }
    #expect(served.count == 24)
    let admin = try (0..<16).map { _ in try ServiceConnection(daemon.adminPath) }
    #expect(throws: ServiceConnection.Refused.self) { try ServiceConnection(daemon.adminPath) }
    #expect(try admin[15].status(of: StatusRequest()) == .ok)
    #expect(try daemon.stop() == .exited(0))
  }

  /// Whether a connection is served within some seconds: a closed one is counted when its worker
  /// has reported it.
  private func comesIn(_ path: String) throws -> Bool {
    let limit = Date(timeIntervalSinceNow: 30)
    while Date() < limit {
      do {
        _ = try ServiceConnection(path)
        return true
      } catch let refusal as ServiceConnection.Refused {
        #expect(refusal.status == .tooManyConnections)
      }
    }
    return false
  }
}
