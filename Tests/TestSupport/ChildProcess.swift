public import Foundation

/// A program that we started: its lines on standard error, signals to it, its end.
public final class ChildProcess: @unchecked Sendable {
  /// How it ended.
  public enum End: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  public enum Failure: Error {
    case cannotStart(String, errno: Int32)
    /// What was waited for did not come; the text is all that was written so far.
    case silent(String)
  }

  public let pid: pid_t
  // Guarded by `condition`.
  private let condition = NSCondition()
  private var text = ""
  private var isEnded = false
  private var end: End?

  public init(_ program: String, _ arguments: [String]) throws {
    let (started, reason, descriptor) = Self.startLock.withLock { Self.start(program, arguments) }
    guard let started else { throw Failure.cannotStart(program, errno: reason) }
    pid = started
    Thread.detachNewThread { [self] in collect(descriptor) }
  }

  /// Held from the making of a pipe to the closing of our end for writing: another child that
  /// inherited it would keep the pipe open.
  private static let startLock = NSLock()

  /// The child, or the error's number; and the end of the pipe that its words come out of.
  private static func start(
    _ program: String, _ arguments: [String]
  ) -> (pid_t?, Int32, descriptor: Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { return (nil, errno, -1) }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    let (started, reason) = spawn(program, arguments, errorOutput: ends[1])
    _ = close(ends[1])
    if started == nil { _ = close(ends[0]) }
    return (started, reason, ends[0])
  }

  private static func spawn(
    _ program: String, _ arguments: [String], errorOutput: Int32
  ) -> (pid_t?, Int32) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, errorOutput, 2)
    unsafe posix_spawn_file_actions_addclose(&actions, errorOutput)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
      unsafe strdup($0)
    }
    unsafe words.append(nil)
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var pid: pid_t = 0
    let result = unsafe posix_spawn(&pid, program, &actions, nil, words, environ)
    return result == 0 ? (pid, 0) : (nil, result)
  }

  /// Reads until the program closes its standard error, which it does when it ends, and takes its
  /// status.
  private func collect(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      condition.lock()
      text += String(decoding: buffer[..<count], as: UTF8.self)
      condition.broadcast()
      condition.unlock()
    }
    _ = close(descriptor)
    // Look first, reap under the lock: until then the number is this process's own.
    var info = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    var status: Int32 = 0
    condition.lock()
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    end = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    isEnded = true
    condition.broadcast()
    condition.unlock()
  }

  /// Everything that it wrote on standard error so far.
  public var output: String { condition.withLock { text } }

  /// Whether it has not ended yet.
  public var isRunning: Bool { condition.withLock { !isEnded } }

  public func signal(_ number: Int32) {
    condition.withLock {
      // Not reaped yet, so the number is still its.
      if !isEnded { _ = kill(pid, number) }
    }
  }

  /// Waits for a line that contains `part`; false when it ends without one.
  public func waitForLine(_ part: String, seconds: Double = 60) throws -> Bool {
    try wait(seconds) { $0.hasCompleteLine(part) || isEnded }
    return condition.withLock { text.hasCompleteLine(part) }
  }

  /// Waits for its end.
  public func waitForEnd(seconds: Double = 60) throws -> End {
    try wait(seconds) { _ in isEnded }
    return condition.withLock { end ?? .exited(-1) }
  }

  private func wait(_ seconds: Double, until isDone: (String) -> Bool) throws {
    let limit = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    while !isDone(text) {
      if !condition.wait(until: limit) { throw Failure.silent(text) }
    }
  }
}

extension String {
  fileprivate func hasCompleteLine(_ part: String) -> Bool {
    guard let place = range(of: part) else { return false }
    return self[place.upperBound...].contains("\n")
  }
}
