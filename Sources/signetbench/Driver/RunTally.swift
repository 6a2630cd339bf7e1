/// What came of a run.
struct RunTally {
  /// Requests answered, and the tokens in them, while it was measured.
  var requests = 0
  var tokens = 0
  /// Wrong answers and refused requests, at any time of the run.
  var wrong = 0
  var errors = 0
  /// The first refusal, in the server's words.
  var firstRefusal: String?
  /// From the start of each request (in an open loop: from its intended start) to its answer, of
  /// all requests that began while it was measured.
  var latency = LatencyHistogram()
  /// What `latency` counts, one by one, where it is asked for.
  var samples: SampleLog?
  /// Requests that were due in an open loop and had not been sent when the run gave up. They are in
  /// `latency` with the time that they had waited.
  var unsent = 0
  /// Requests of an open loop that were sent after a time in which every slot was taken: they
  /// waited for others' answers. Where they are many, `depth` bounds the load.
  var heldBack = 0
  var measuredNanos: UInt64 = 0
  /// The client's own processor time while it was measured.
  var clientCPUNanos: UInt64 = 0

  /// Tokens a second.
  var tokensPerSecond: Double { perSecond(tokens) }
  var requestsPerSecond: Double { perSecond(requests) }
  /// Share of one processor that the client used: near 1, it is the client that is measured.
  var clientCPUShare: Double {
    measuredNanos == 0 ? 0 : Double(clientCPUNanos) / Double(measuredNanos)
  }

  private func perSecond(_ number: Int) -> Double {
    measuredNanos == 0 ? 0 : Double(number) * 1e9 / Double(measuredNanos)
  }
}
