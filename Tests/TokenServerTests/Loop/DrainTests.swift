import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct DrainTests {
  @Test("draining answers what was accepted, then closes and ends with 0")
  func drain() throws {
    let server = try TestServer(workers: 2)
    let waiting = try TestClient(server.path, maxFrame: 0)
    let quiet = try TestClient(server.path, maxFrame: 0)
    let silent = try TestClient(server.path)
    try waiting.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    server.drainSwitch.drain()
    #expect(try quiet.read() == nil)
    #expect(try silent.read() == nil)
    server.lane.deliver()
    #expect(try waiting.read()?.header.requestId == 2)
    #expect(try waiting.read() == nil)
    #expect(server.waitForExit() == .ok)
    #expect(server.lane.isStopped)
  }

  @Test("while draining a mutation is refused, a validation answered, a new HELLO refused")
  func refusals() throws {
    let server = try TestServer()
    let waiting = try TestClient(server.path, maxFrame: 0)
    let quiet = try TestClient(server.path, maxFrame: 0)
    try waiting.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    server.drainSwitch.drain()
    // Its end shows that the worker drains.
    #expect(try quiet.read() == nil)
    try waiting.request(.issue, 3, [3])
    let refused = try #require(try waiting.read())
    #expect(refused.status == .draining)
    #expect(refused.header.requestId == 3)
    #expect(refused.error?.retryAfterMillis == 1_000)
    try waiting.request(.validate, 4, [4])
    #expect(try waiting.read()?.body == [4])
    server.lane.deliver()
    #expect(try waiting.read()?.header.requestId == 2)
    #expect(server.waitForExit() == .ok)
  }

  @Test("the socket files are gone after the drain, and nobody can connect")
  func files() throws {
    let server = try TestServer()
    let client = try TestClient(server.path, maxFrame: 0)
    server.drainSwitch.drain()
    #expect(try client.read() == nil)
    #expect(server.waitForExit() == .ok)
    #expect(try FileStatus.ofPath(server.path) == nil)
    #expect(try FileStatus.ofPath(server.adminPath) == nil)
    #expect(throws: SocketError.self) { try TestClient(server.path) }
  }

  @Test("the drain timeout ends it with its own exit code")
  func timeout() throws {
    let server = try TestServer()
    let client = try TestClient(server.path, maxFrame: 0)
    let quiet = try TestClient(server.path, maxFrame: 0)
    try client.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    server.drainSwitch.drain()
    #expect(try quiet.read() == nil)
    server.advance(millis: 10_001)
    // The second order stops at once, as a second SIGTERM does; time alone is the next test's.
    server.drainSwitch.drain()
    #expect(server.waitForExit() == .drainTimedOut)
    #expect(try client.read() == nil)
  }

  @Test("with a drain timeout of 0 nothing is waited for")
  func noTime() throws {
    let server = try TestServer(limits: { $0.drainTimeoutSeconds = 0 })
    let client = try TestClient(server.path, maxFrame: 0)
    try client.request(.issue, 2, [2])
    #expect(server.lane.waitForPending(1))
    server.drainSwitch.drain()
    #expect(server.waitForExit() == .drainTimedOut)
    #expect(try client.read() == nil)
  }
}
