internal import TokenWire

/// VALIDATE frames to the echo server: the body must come back as it was sent.
struct EchoCodec: ~Copyable, Codec {
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
    guard frame.opcode == Opcode.validate.rawValue, frame.status == 0 else {
      return .broken("the echo server answered with opcode \(frame.opcode)")
    }
    let depth = validate.depth
    let slot = Int(frame.requestId) - 1
    guard slot >= 0, slot < depth, frame.byteCount == validate.frameBytes else {
      return .broken("the echo server's answer is no echo")
    }
    let wrong = unsafe wrongTokens((connection * depth + slot) * validate.batch, bytes)
    return .reply(
      Reply(slot: slot, byteCount: frame.byteCount, tokens: validate.batch, wrong: wrong))
  }

  @inline(__always)
  private func wrongTokens(_ firstPlace: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
    var wrong = 0
    var cursor = unsafe bytes.baseAddress! + ValidateExchange.headBytes
    for place in firstPlace..<firstPlace + validate.batch {
      let record = unsafe validate.store.record(validate.expectations.index(place))
      let isEcho =
        unsafe cursor.u16(0) == TokenStore.textBytes
        && (cursor + 2).holds(record, count: TokenStore.textBytes)
      if !isEcho { wrong += 1 }
      unsafe cursor += ValidateExchange.tokenBytes
    }
    return wrong
  }
}
