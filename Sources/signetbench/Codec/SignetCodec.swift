internal import TokenWire

/// Signet's own protocol with VALIDATE alone: the path that the targets are about.
struct SignetCodec: ~Copyable, Codec {
  private var validate: ValidateExchange

  init(_ validate: ValidateExchange) { self.validate = validate }

  @inline(__always)
  mutating func write(_ ticket: Ticket, _ output: inout ByteQueue) -> Bool {
    validate.write(ticket, &output)
    return true
  }

  @inline(__always)
  mutating func read(_ bytes: UnsafeRawBufferPointer, connection: Int) -> ReplyScan {
    guard let frame = unsafe SignetFrame(bytes) else { return .needsMore }
    let slot = Int(frame.requestId) - 1
    guard slot >= 0, slot < validate.depth, frame.opcode == Opcode.validate.rawValue else {
      return .broken("a reply that answers nothing: opcode \(frame.opcode), id \(slot + 1)")
    }
    var reply = Reply(slot: slot, byteCount: frame.byteCount)
    if frame.status != 0 {
      reply.refusal = unsafe refusal(frame, bytes)
      return .reply(reply)
    }
    let index = connection * validate.depth + slot
    guard let wrong = unsafe validate.check(index, frame.body(bytes)) else {
      return .broken("the body of a VALIDATE reply is not as the contract says")
    }
    reply.tokens = validate.batch
    reply.wrong = wrong
    return .reply(reply)
  }
}

/// What an error frame says.
func refusal(_ frame: SignetFrame, _ bytes: UnsafeRawBufferPointer) -> String {
  let name = Status(rawValue: frame.status)?.name ?? "status \(frame.status)"
  guard let body = try? ErrorBody(body: unsafe [UInt8](frame.body(bytes))) else { return name }
  return "\(name): \(String(decoding: body.message, as: UTF8.self))"
}
