internal import LinuxIO
internal import TokenCore

/// Grows a token index and takes the time of each insertion that split a segment.
struct SplitTimes {
  let entries: Int

  func report(to report: inout JSONText) {
    var index = TokenIndex()
    var numbers = RandomNumbers(seed: 11)
    var times: [UInt64] = []
    var wallMax: UInt64 = 0
    for slot in 1...entries {
      let hash = numbers.next()
      let segments = index.segmentCount
      let wall = SystemClock.monotonicNanos()
      let began = SystemClock.threadCPUNanos()
      index.insert(hash, slot: UInt32(slot))
      let used = SystemClock.threadCPUNanos() - began
      if index.segmentCount != segments {
        times.append(used)
        wallMax = max(wallMax, SystemClock.monotonicNanos() - wall)
      }
    }
    times.sort()
    report.add("entries", entries)
    report.add("splits", times.count)
    for (name, share) in [("p50Nanos", 0.5), ("p99Nanos", 0.99), ("p99_9Nanos", 0.999)] {
      report.add(name, Int(Self.quantile(times, share)))
    }
    report.add("maxNanos", Int(times.last ?? 0))
    report.add("wallMaxNanos", Int(wallMax))
  }

  /// The smallest value that at least this share of them does not exceed.
  static func quantile(_ sorted: [UInt64], _ share: Double) -> UInt64 {
    if sorted.isEmpty { return 0 }
    let wanted = Int((share * Double(sorted.count)).rounded(.up))
    return sorted[min(max(wanted, 1), sorted.count) - 1]
  }
}
