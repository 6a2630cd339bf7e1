/// Latencies in nanoseconds, counted in log-linear buckets: exact below 2,048 ns, then 1,024
/// buckets for each power of two, so every value is known to three significant digits.
///
/// Values above `limitNanos` count as that; the largest one is kept exactly. `record` costs a few
/// instructions and allocates nothing; the whole is some 220 KB, of which a run touches little.
struct LatencyHistogram {
  /// 60 s, as the largest that a bucket stands for.
  static let limitNanos: UInt64 = 60_000_000_000
  private static let subBucketBits = 11

  private var counts: [UInt64]
  /// Values recorded.
  private(set) var count: UInt64 = 0
  /// The largest value recorded, 0 when none is.
  private(set) var max: UInt64 = 0
  private var sum: UInt64 = 0

  init() {
    counts = Array(repeating: 0, count: Self.bucket(of: Self.limitNanos) + 1)
  }

  /// Counts one value.
  mutating func record(_ nanos: UInt64) {
    counts[Self.bucket(of: min(nanos, Self.limitNanos))] += 1
    count += 1
    sum &+= nanos
    if nanos > max { max = nanos }
  }

  /// Forgets everything.
  mutating func reset() {
    for index in counts.indices { counts[index] = 0 }
    (count, max, sum) = (0, 0, 0)
  }

  /// The arithmetic mean, of the exact values.
  var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The smallest value that at least `fraction` of the values do not exceed, rounded up to its
  /// bucket's end, and never above the largest value. 0 when nothing was recorded.
  func quantile(_ fraction: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let wanted = Swift.max(UInt64((fraction * Double(count)).rounded(.up)), 1)
    var seen: UInt64 = 0
    for (index, number) in counts.enumerated() {
      seen += number
      if seen >= wanted { return min(Self.end(ofBucket: index), max) }
    }
    return max
  }

  private static func bucket(of nanos: UInt64) -> Int {
    let bits = UInt64.bitWidth - nanos.leadingZeroBitCount
    let shift = Swift.max(bits - subBucketBits, 0)
    return shift << (subBucketBits - 1) + Int(nanos >> UInt64(shift))
  }

  /// The largest value of a bucket.
  private static func end(ofBucket index: Int) -> UInt64 {
    let half = 1 << (subBucketBits - 1)
    let shift = Swift.max(index / half - 1, 0)
    let start = UInt64(index - shift * half)
    return (start + 1) << UInt64(shift) - 1
  }
}
