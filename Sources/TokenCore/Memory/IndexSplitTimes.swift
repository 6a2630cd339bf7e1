/// How long the splits of an index took, and how many there were, in bounded memory: counts by
/// sixteenths of each power of two of nanoseconds, and the largest exactly.
///
/// The core reads no clock: whoever makes the index gives it one.
public struct IndexSplitTimes: Sendable {
  /// Splits since the index was made.
  public private(set) var count = 0
  /// The longest split.
  public private(set) var maxNanos: UInt64 = 0
  /// By bucket; empty until the first split.
  private var counts: [UInt32] = []

  /// Buckets of one power of two.
  private static let fine = 16
  /// The last one holds everything from 31 · 2^35 ns, eighteen minutes, on, and is told as the
  /// longest.
  private static let bucketCount = 37 * fine

  public init() {}

  /// Counts a split.
  mutating func note(nanos: UInt64) {
    if counts.isEmpty { counts = [UInt32](repeating: 0, count: Self.bucketCount) }
    counts[Self.bucket(nanos)] += 1
    count += 1
    maxNanos = max(maxNanos, nanos)
  }

  /// The time that at least this share of the splits did not exceed, rounded up by at most 1/16; 0
  /// where there was none. Costs a walk over the buckets.
  public func nanos(share: Double) -> UInt64 {
    let wanted = max(Int((share * Double(count)).rounded(.up)), 1)
    var seen = 0
    for (bucket, times) in counts.enumerated() {
      seen += Int(times)
      if seen >= wanted && bucket < Self.bucketCount - 1 {
        return min(Self.upperBound(bucket), maxNanos)
      }
    }
    return maxNanos
  }

  /// Below 16 a bucket is one value; above, the first five bits of the value choose it.
  private static func bucket(_ nanos: UInt64) -> Int {
    if nanos < UInt64(fine) { return Int(nanos) }
    let shift = 59 - nanos.leadingZeroBitCount
    return min((shift + 1) * fine + Int(nanos >> UInt64(shift)) - fine, bucketCount - 1)
  }

  private static func upperBound(_ bucket: Int) -> UInt64 {
    if bucket < fine { return UInt64(bucket) }
    let shift = UInt64(bucket / fine - 1)
    return (UInt64(bucket % fine + fine) + 1) << shift - 1
  }
}

/// What an index reads before and after a split: nanoseconds that only grow.
public struct SplitClock: Sendable {
  let nanos: @Sendable () -> UInt64

  /// - Parameter nanos: the lane's processor time, for example. Called twice a split.
  public init(_ nanos: @escaping @Sendable () -> UInt64) { self.nanos = nanos }
}
