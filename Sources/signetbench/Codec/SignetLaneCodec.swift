internal import TokenWire

/// Signet's own protocol with mutations: issue, revoke, refresh, and the mix in which every verdict
/// is held against what this client knows of the token.
struct SignetLaneCodec: ~Copyable, Codec {
  /// What is asked, with what it takes. Only what the workload needs is there.
  struct Exchanges {
    var validate: ValidateExchange?
    var issue: IssueExchange?
    var revoke: RevokeExchange?
    var refresh: RefreshExchange?
  }

  private let workload: Workload
  private let shape: LoadShape
  private let store: TokenStore?
  private var exchanges: Exchanges
  /// The next token to revoke, where each is revoked once.
  private var next = 0
  /// Revoked tokens of the mix, whose places new ones may take.
  private var dead: [Int] = []

  init(_ workload: Workload, _ shape: LoadShape, _ store: TokenStore?, _ exchanges: Exchanges) {
    self.workload = workload
    self.shape = shape
    self.store = store
    self.exchanges = exchanges
    dead.reserveCapacity(1 << 16)
  }

  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) -> Bool {
    switch workload {
    case .issue: exchanges.issue!.write(ticket, &output)
    case .refresh: exchanges.refresh!.write(ticket, &output)
    case .validate: exchanges.validate!.write(ticket, &output)
    case .revoke:
      guard let store, next < store.count else { return false }
      exchanges.revoke!.write(ticket, next, &output)
      next += 1
    case .mixed: writeMixed(ticket, &output)
    }
    return true
  }

  private mutating func writeMixed(_ ticket: Ticket, _ output: inout ByteQueue) {
    switch exchanges.validate!.number(below: 20) {
    case 0: return exchanges.issue!.write(ticket, &output)
    case 1:
      for _ in 0..<16 {
        let index = exchanges.validate!.drawnIndex()
        if store!.state(index) == 0 {
          return exchanges.revoke!.write(ticket, index, &output)
        }
      }
    default: break
    }
    exchanges.validate!.write(ticket, &output)
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer, connection: Int) -> ReplyScan {
    guard let frame = unsafe SignetFrame(bytes) else { return .needsMore }
    let slot = Int(frame.requestId) - 1
    guard slot >= 0, slot < shape.depth else {
      return .broken("a reply that answers nothing: opcode \(frame.opcode), id \(slot + 1)")
    }
    var reply = Reply(slot: slot, byteCount: frame.byteCount)
    reply.isMutation = frame.opcode != Opcode.validate.rawValue
    if frame.status != 0 {
      reply.refusal = unsafe refusal(frame, bytes)
      return .reply(reply)
    }
    let answer = unsafe check(frame.opcode, connection * shape.depth + slot, frame.body(bytes))
    guard let answer else {
      return .broken("the body of a reply is not as the contract says: opcode \(frame.opcode)")
    }
    reply.tokens = answer.tokens
    reply.wrong = answer.wrong
    return .reply(reply)
  }

  private mutating func check(
    _ opcode: UInt16, _ index: Int, _ body: UnsafeRawBufferPointer
  ) -> (tokens: Int, wrong: Int)? {
    switch Opcode(rawValue: opcode) {
    case .validate:
      return unsafe exchanges.validate?.check(index, body).map { (shape.batch, $0) }
    case .issue:
      guard let wrong = unsafe exchanges.issue?.check(body) else { return nil }
      if workload == .mixed && wrong == 0 { unsafe keep(index, body) }
      return (workload == .mixed ? 1 : shape.batch, wrong)
    case .revoke:
      guard let wrong = unsafe exchanges.revoke?.check(index, body) else { return nil }
      if workload == .mixed, let place = exchanges.revoke?.index(index) { dead.append(place) }
      return (1, wrong)
    case .refresh:
      return unsafe exchanges.refresh?.check(index, body).map { (1, $0) }
    default: return nil
    }
  }

  /// Puts the token that was made into the place of a dead one, so that it is shown from now on.
  private mutating func keep(_ index: Int, _ body: UnsafeRawBufferPointer) {
    guard let place = dead.popLast(), let store, let issue = exchanges.issue else { return }
    let text = unsafe body.baseAddress! + IssueExchange.firstTextOffset
    unsafe store.replace(place, text: text, user: issue.user(index))
  }
}
