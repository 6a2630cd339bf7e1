/// How much is asked at once.
struct LoadShape: Equatable, Sendable {
  var connections = 1
  /// Requests in flight on each connection.
  var depth = 1
  /// Tokens in one request: of one frame where the protocol has frames, else so many commands sent
  /// together.
  var batch = 1

  /// Requests that may be in flight.
  var tickets: Int { connections * depth }
}
