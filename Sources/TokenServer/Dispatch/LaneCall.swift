internal import TokenCore
internal import TokenWire

/// A request that goes through the commit lane: how its body becomes an operation, and how the
/// outcome becomes the body of its reply. One conformance for each message; the lane sees neither.
protocol LaneCall: Sendable {
  /// Whom the request speaks for; nil where it speaks for a client or for the caller itself.
  var speaksFor: Acting? { get }

  /// The operation, with what it needs drawn and signed. `seed` is where its secrets come from.
  /// Called once, and again for a retry, with the mint set to the first call's seed.
  func task(_ mint: inout TokenMint, seed: TokenID) -> LaneTask

  /// Where a field that a rule names stands in the body: `fields.name`, `client.clientId`.
  func path(ofField field: String) -> String

  /// What the reply may need at most, where that can be told from the request; else 0.
  var replyBytesMax: Int { get }

  /// What the outcome says in the protocol's words; nil for an outcome that no rule gives for this
  /// operation.
  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)?
}

/// What the lane is asked to do.
enum LaneTask: Sendable {
  case operation(Operation)
  case status
  case stats
  /// Trust the wall clock as it is.
  case acceptClock
  /// Refused before it is worth the lane's time.
  case refused(Refusal)
  /// Everything as it is now, on the disk: SNAPSHOT and BACKUP.
  case cut(SnapshotPurpose)
}

extension LaneTask {
  /// Whether it may change the state.
  var isMutation: Bool {
    if case .operation(let operation) = self { return operation.isMutation }
    return false
  }

  /// The same task with its page cut to what the connection's frames hold.
  func limitingPage(toBytes bytes: Int) -> LaneTask {
    guard case .operation(let operation) = self else { return self }
    return .operation(operation.limitingPage(toBytes: bytes))
  }
}

/// What a reply is written from.
struct Answer: Sendable {
  var position: UInt64
  var outcome: Outcome
  /// Where this operation's secret comes from: the first call's seed, if this is a retry.
  var seed: TokenID
}

extension LaneCall {
  var speaksFor: Acting? { nil }
  var replyBytesMax: Int { 0 }
  func path(ofField field: String) -> String { field }

  /// For operations that have nothing to tell but that they are done, and for those whose reply the
  /// lane itself gathers: they have no outcome.
  func reply(_ answer: Answer, _ mint: inout TokenMint) -> (any ReplyBody)? {
    guard case .done = answer.outcome else { return nil }
    return PositionReply(position: answer.position)
  }
}

/// A request with a `client` group.
protocol ClientCall: LaneCall {}

extension ClientCall {
  func path(ofField field: String) -> String {
    field == "clientId" || field == "clientSecret" ? "client.\(field)" : field
  }
}

/// A request with a `fields` group.
protocol ApplicationFieldsCall: LaneCall {}

extension ApplicationFieldsCall {
  func path(ofField field: String) -> String {
    let name = field.prefix { $0 != "[" }
    return Self.names.contains(String(name)) ? "fields.\(field)" : field
  }

  private static var names: Set<String> {
    [
      "name", "description", "homepage", "iconUrl", "callbacks", "trusted", "isPublic", "grants",
      "audiences", "scopes",
    ]
  }
}

/// A request on its way to the lane.
struct LaneRequest: Sendable {
  var address: ReplyAddress
  var peerUID: UInt32
  var call: any LaneCall
  var task: LaneTask
  var retry: RetryRequest?
  var seed: TokenID
  /// It came over the admin socket.
  var isUrgent: Bool
}

/// A request on its way back.
struct LaneResult: Sendable {
  enum Content: Sendable {
    case outcome(position: UInt64, Outcome)
    case facts(position: UInt64, [(name: String, value: String)])
    case stats(position: UInt64, [(name: String, value: UInt64)])
    case clock(position: UInt64, nowMillis: UInt64, wasSuspect: Bool)
    case snapshot(position: UInt64)
    case backup(position: UInt64, path: String)
    case failure(Status, field: String, message: String, retryAfterMillis: UInt32)
  }

  var call: any LaneCall
  var seed: TokenID
  var content: Content
  /// It changed something, or says that something is so which may not be durable.
  var isMutation = false
}
