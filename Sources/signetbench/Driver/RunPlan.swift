/// How a run goes on and when it ends.
struct RunPlan: Equatable, Sendable {
  var shape = LoadShape()
  /// Requests a second of an open loop; nil for a closed one, in which each answer brings the next
  /// request.
  var requestsPerSecond: Int?
  /// Measured time; nil when `requests` decides.
  var measuredNanos: UInt64? = 5_000_000_000
  /// Measured requests; nil when the time decides.
  var requests: Int?
  var warmupNanos: UInt64 = 1_000_000_000
  /// Whether every sample is kept, besides the histogram.
  var keepsSamples = false
  /// After so long without any answer the run is over.
  var patienceNanos: UInt64 = 10_000_000_000
}
