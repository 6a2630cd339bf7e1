import Foundation
import LinuxIO
import Synchronization
import TokenWire

@testable import TokenServer

/// A clock that stands still until a test moves it.
final class TestClock: Sendable {
  private let millis = Atomic<UInt64>(1_000_000)
  var clock: LoopClock { LoopClock { self.millis.load(ordering: .acquiring) } }
  func advance(_ by: UInt64) { millis.add(by, ordering: .acquiringAndReleasing) }
}

/// What a server logged.
final class LogLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [String] = []

  func append(_ line: String) {
    condition.lock()
    lines.append(line)
    condition.broadcast()
    condition.unlock()
  }

  var all: [String] {
    condition.lock()
    defer { condition.unlock() }
    return lines
  }

  /// Waits for a line with this piece; false when none comes.
  func wait(for piece: String) -> Bool {
    let limit = Date(timeIntervalSinceNow: 30)
    condition.lock()
    defer { condition.unlock() }
    while !lines.contains(where: { $0.contains(piece) }) {
      if !condition.wait(until: limit) { return false }
    }
    return true
  }
}

/// A directory that goes away with this value. Its path is short enough for sockets.
final class TestDirectory {
  let path: String

  init() {
    path = "/tmp/signet-\(UUID().uuidString.prefix(13))"
    try! FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A server over real sockets in a directory of its own, with the test dispatcher behind it.
final class TestServer: @unchecked Sendable {
  let directory = TestDirectory()
  let lane: TestLane
  let clock = TestClock()
  let logLines = LogLines()
  let drainSwitch: DrainSwitch
  private let inboxes: [WorkerInbox<[UInt8]>]
  private let done = NSCondition()
  private var exitCode: ExitCode?

  var path: String { directory.path + "/s.sock" }
  var adminPath: String { directory.path + "/admin.sock" }

  init(
    workers: Int = 1, rights: RightSet = .all, answersAtOnce: Bool = false,
    usesRealTime: Bool = false, limits change: (inout ServerLimits) -> Void = { _ in },
    settings changeSettings: (inout LoopSettings) -> Void = { _ in }
  ) throws {
    var limits = ServerLimits(workers: workers)
    change(&limits)
    var settings = LoopSettings(limits)
    changeSettings(&settings)
    inboxes = try (0..<workers).map { _ in try WorkerInbox() }
    lane = TestLane(inboxes: inboxes, isAutomatic: answersAtOnce)
    drainSwitch = try DrainSwitch()
    try start(limits, settings, rights, usesRealTime ? .monotonic : clock.clock)
  }

  private func start(
    _ limits: ServerLimits, _ settings: LoopSettings, _ rights: RightSet, _ clock: LoopClock
  ) throws {
    let listeners = [
      ListenerConfiguration(path: path, mode: 0o600, rights: rights),
      ListenerConfiguration(path: adminPath, mode: 0o600, rights: .all, isAdmin: true),
    ]
    let (lane, inboxes, drainSwitch) = (lane, inboxes, drainSwitch)
    let service = RunningService<TestDispatcher>(
      facts: ServiceFacts(
        instance: Bytes16(word0: 1, word1: 2), retryWindowSeconds: 600,
        retryWindowEntries: 65_536, serverVersion: Array("test".utf8)),
      makeDispatcher: { _ in TestDispatcher(lane: lane) }, stop: { lane.stop() })
    let lines = logLines
    let log = Log(level: .debug, burst: 1_000_000) { lines.append($0) }
    let sockets = try listeners.map { try ServerSocket($0, groupNumber: { _ in nil }) }
    let table = try RightsTable(
      rules: [], ownUid: CurrentProcess.effectiveUserID, userNumber: { _ in nil },
      groupNumber: { _ in nil })
    let box = SendBox(sockets)
    _ = try SystemThread.spawn(name: "server") { [self] in
      let signals = try! SignalSource([.user2])
      var server = try! SocketServer(
        sockets: box.take(), rights: table, limits: limits, settings: settings,
        inboxes: inboxes, service: service, clock: clock, log: log)
      let code = try! server.run(signals: signals, drainSwitch: drainSwitch.notifier)
      service.stop()
      done.lock()
      exitCode = code
      done.broadcast()
      done.unlock()
    }
  }

  deinit {
    // The thread holds `self` until it has ended, so nothing runs here any more.
  }

  /// Moves the clock and makes every worker look at it.
  func advance(millis: UInt64) {
    clock.advance(millis)
    for inbox in inboxes { inbox.wake() }
  }

  /// Waits for the end of the server; nil when it does not come.
  func waitForExit() -> ExitCode? {
    let limit = Date(timeIntervalSinceNow: 30)
    done.lock()
    defer { done.unlock() }
    while exitCode == nil {
      if !done.wait(until: limit) { return nil }
    }
    return exitCode
  }

  /// Drains twice, which stops at once, and waits.
  func stop() {
    drainSwitch.drain()
    while waitForExit() == nil { drainSwitch.drain() }
  }
}

/// Carries a value that is not Sendable to one other thread.
final class SendBox<Value>: @unchecked Sendable {
  private var value: Value?
  init(_ value: Value) { self.value = value }
  func take() -> Value {
    defer { value = nil }
    return value!
  }
}
