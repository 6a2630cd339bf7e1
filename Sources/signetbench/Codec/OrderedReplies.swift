/// Whose answer comes next, where answers come in the order of the requests, and one request may
/// have several.
struct OrderedReplies {
  private let depth: Int
  /// Answers that make one request.
  private let batch: Int
  /// The oldest unanswered slot of each connection.
  private var oldest: [Int]
  private var answered: [Int]
  private var wrong: [Int]

  init(_ shape: LoadShape) {
    depth = shape.depth
    batch = shape.batch
    oldest = Array(repeating: 0, count: shape.connections)
    answered = oldest
    wrong = oldest
  }

  /// Where the next answer's expectation lies among those of its ticket.
  @inline(__always)
  func expectation(_ connection: Int) -> Int {
    (connection * depth + oldest[connection]) * batch + answered[connection]
  }

  /// Counts one answer of `byteCount` bytes.
  @inline(__always)
  mutating func take(_ connection: Int, _ byteCount: Int, isRight: Bool) -> ReplyScan {
    if !isRight { wrong[connection] += 1 }
    answered[connection] += 1
    if answered[connection] < batch { return .part(byteCount: byteCount) }
    let slot = oldest[connection]
    let reply = Reply(slot: slot, byteCount: byteCount, tokens: batch, wrong: wrong[connection])
    oldest[connection] = slot + 1 == depth ? 0 : slot + 1
    answered[connection] = 0
    wrong[connection] = 0
    return .reply(reply)
  }
}
