/// Counts failed client authentications in windows of a minute, for each application. Not durable:
/// it only slows guessing down, and a restart may forget it.
struct FailureWindows {
  private struct Window { var startMillis: UInt64 = 0, count = 0 }
  private var windows: [UInt32: Window] = [:]
  static let windowMillis: UInt64 = 60_000

  func count(_ appSlot: UInt32, atMillis: UInt64) -> Int {
    guard let window = windows[appSlot], atMillis < window.startMillis + Self.windowMillis
    else { return 0 }
    return window.count
  }

  mutating func note(_ appSlot: UInt32, atMillis: UInt64) {
    if count(appSlot, atMillis: atMillis) == 0 {
      windows[appSlot] = Window(startMillis: atMillis, count: 1)
    } else {
      windows[appSlot]?.count += 1
    }
  }

  /// An application is gone: so is its window.
  mutating func forget(_ appSlot: UInt32) { windows[appSlot] = nil }
}
