/// Which kind of server is driven.
enum Target: String, CaseIterable, Sendable {
  case signet, redis, memcached, echo

  /// Whether it speaks Signet's framing, and so begins with HELLO.
  var speaksSignet: Bool { self == .signet || self == .echo }
}

/// What it is asked to do.
enum Workload: String, CaseIterable, Sendable {
  /// Judge tokens; GET of a key elsewhere.
  case validate
  /// Make tokens; SET of a new key elsewhere.
  case issue
  /// 90 % validate, 5 % issue, 5 % revoke.
  case mixed
  /// Revoke each token of the file once; DEL elsewhere.
  case revoke
  /// Rotate refresh tokens.
  case refresh
}
