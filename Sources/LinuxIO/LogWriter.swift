/// Lines of a program's log, one call a line: `program: level: message`, on standard error.
///
/// At most `burst` counted lines at once and `burst` a minute in the long run; what is left out is
/// counted in the next line, so that a stranger cannot fill the disk. Any thread may write; a line
/// costs one system call.
public final class LogWriter: @unchecked Sendable {
  // Guarded by `lock`.
  private let lock = PthreadMutex()
  private var left: UInt64
  private var refilledAt: UInt64
  private var suppressed: UInt64 = 0
  private let program: String
  private let burst: UInt64
  private let nowMillis: @Sendable () -> UInt64
  private let write: @Sendable (String) -> Void

  /// A log of `program`. A monotonic clock and somewhere else to write are for tests.
  public init(
    program: String, burst: UInt64 = 120,
    nowMillis: @escaping @Sendable () -> UInt64 = { SystemClock.monotonicNanos() / 1_000_000 },
    // A log that cannot be written is no reason to stop serving.
    write: @escaping @Sendable (String) -> Void = { try? StandardStream.error.write($0) }
  ) {
    self.program = program
    self.burst = burst
    left = burst
    self.nowMillis = nowMillis
    self.write = write
    refilledAt = nowMillis()
  }

  /// Writes a line. One that is counted may be left out, and its message is then not composed.
  public func line(_ level: String, isCounted: Bool, _ message: () -> String) {
    let missing: UInt64? = lock.withLock {
      guard !isCounted || takeAllowance() else {
        suppressed += 1
        return nil
      }
      defer { suppressed = 0 }
      return suppressed
    }
    guard let missing else { return }
    let note = missing > 0 ? " (\(missing) lines before this were left out)" : ""
    write("\(program): \(level): \(Self.oneLine(message()))\(note)\n")
  }

  /// Writes a line that belongs to every run; it does not tell how many were left out before.
  public func notice(_ message: String) {
    write("\(program): info: \(Self.oneLine(message))\n")
  }

  /// Takes one line out of the allowance. Under the lock.
  private func takeAllowance() -> Bool {
    let now = nowMillis()
    let due = (now - refilledAt) * burst / 60_000
    if due > 0 {
      left = min(left + due, burst)
      refilledAt = now
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  /// A name from outside must not begin a line of its own.
  private static func oneLine(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    return isPlain ? text : PrintableText.escaped(text)
  }
}
