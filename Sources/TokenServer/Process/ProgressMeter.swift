internal import LinuxIO

/// Tells from time to time how far a reading is: a person at a terminal in a line that is written
/// over, from the second second on; the log in lines of its own. Looks at the clock only once for
/// each stride of things read.
struct ProgressMeter {
  /// How often to look and to tell.
  struct Pace {
    /// Things read between two looks at the clock.
    var stride: Int
    /// The least time between two lines on a terminal, and of the log.
    var shownMillis: UInt64
    var loggedMillis: UInt64
  }

  private let pace: Pace
  private let log: Log
  private let show: ((String) -> Void)?
  private let nowNanos: () -> UInt64
  private let began: UInt64
  private var toldAt: UInt64
  private var isShown = false

  /// Work that takes less is not told of on a terminal.
  private static let quietNanos: UInt64 = 1_000_000_000
  private static let nanosPerMilli: UInt64 = 1_000_000

  /// - Parameters:
  ///   - show: writes to the terminal; nil where nobody watches.
  ///   - nowNanos: a clock that never goes back.
  init(
    _ pace: Pace, _ log: Log, show: ((String) -> Void)?, nowNanos: @escaping () -> UInt64
  ) {
    (self.pace, self.log, self.show, self.nowNanos) = (pace, log, show, nowNanos)
    began = nowNanos()
    toldAt = began
  }

  /// Since the meter was made.
  var elapsedMillis: UInt64 { (nowNanos() - began) / Self.nanosPerMilli }

  /// To be called with each thing read, or with how many there are so far.
  mutating func note(_ count: Int, onTerminal shown: () -> String, inLog logged: () -> String) {
    guard count % pace.stride == 0 else { return }
    let now = nowNanos()
    let millis = show == nil ? pace.loggedMillis : pace.shownMillis
    guard now - toldAt >= millis * Self.nanosPerMilli else { return }
    if let show {
      guard now - began >= Self.quietNanos else { return }
      show("\r\(shown())\u{1B}[K")
      isShown = true
    } else {
      log.notice(logged())
    }
    toldAt = now
  }

  /// Takes the line away.
  mutating func end() {
    if isShown { show?("\r\u{1B}[K") }
    isShown = false
  }
}
