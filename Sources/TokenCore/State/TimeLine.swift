/// Where a moment is kept, and which position answers "everything issued before T".
///
/// Samples lie in levels of 1,024: level k holds one for each 4^k seconds, so the line reaches back
/// for decades in a fixed space, and an answer is rounded up (towards revoking more) by at most
/// 1/256 of the time's age, one second at least.
struct TimeLine {
  static let levelCount = 14
  static let samplesPerLevel = 1_024
  static var capacity: Int { levelCount * samplesPerLevel }

  private var newest = [UInt64](repeating: .max, count: levelCount)

  /// The slots that a commit at `atMillis` fills: one in every level whose interval is a new one.
  func slots(atMillis: UInt64) -> [UInt32] {
    (0..<Self.levelCount).compactMap { level in
      let interval = Self.interval(atMillis, level: level)
      return newest[level] == interval ? nil : Self.slot(interval, level: level)
    }
  }

  /// Notes that the slot now holds a moment of `atMillis`.
  mutating func note(slot: UInt32, atMillis: UInt64) {
    let level = Int(slot - 1) / Self.samplesPerLevel
    let interval = Self.interval(atMillis, level: level)
    if newest[level] == .max || interval > newest[level] { newest[level] = interval }
  }

  static func interval(_ atMillis: UInt64, level: Int) -> UInt64 {
    (atMillis / 1_000) >> UInt64(2 * level)
  }

  static func slot(_ interval: UInt64, level: Int) -> UInt32 {
    UInt32(level * samplesPerLevel + Int(interval % UInt64(samplesPerLevel)) + 1)
  }
}
