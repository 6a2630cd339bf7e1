/// One protocol with one workload: writes requests whose answers it knows, and checks the answers.
///
/// The driver is generic over it and specialised for each, so a call costs what a function costs.
/// A request lives in a `ticket`, connection × depth + slot, below `connections` × `depth`: a codec
/// keeps what it expects in arrays by ticket. Slots of a connection are taken in the order in which
/// they were freed.
protocol Codec: ~Copyable {
  /// Appends request number `ticket`; false when there is nothing left to ask. Nothing is appended
  /// then.
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) -> Bool

  /// Looks at the start of what a connection received; `bytes` is not empty.
  mutating func read(_ bytes: UnsafeRawBufferPointer, connection: Int) -> ReplyScan
}

/// One request that may be in flight.
struct Ticket {
  let connection: Int
  let slot: Int
  /// connection × depth + slot.
  let index: Int
}

/// What the start of the received bytes is.
enum ReplyScan: Equatable {
  /// The beginning of something.
  case needsMore
  /// A piece of an answer: so many bytes are done with.
  case part(byteCount: Int)
  /// A whole answer, or the last piece of one.
  case reply(Reply)
  /// Not this protocol; the run cannot go on.
  case broken(String)
}

/// A request that was answered.
struct Reply: Equatable {
  let slot: Int
  let byteCount: Int
  /// Tokens (or keys) that the answer is about.
  var tokens = 0
  /// Those of them with a wrong answer.
  var wrong = 0
  /// The request changed something, so its time is the lane's and the disk's.
  var isMutation = false
  /// The server refused the request: its words.
  var refusal: String?
}
