internal import TokenWire

/// Answers VALIDATE with its own body and everything else not at all: what remains of a request
/// when the service is taken away.
struct EchoDispatcher: FrameDispatcher {
  typealias Outcome = Never

  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) -> FrameDisposition {
    guard frame.opcode == .validate else {
      output.error(
        .unsupported, ErrorBody(.unsupported, message: "the echo server answers VALIDATE only"),
        opcode: frame.opcode.rawValue, requestId: frame.requestId)
      return .answered
    }
    let mark = output.beginFrame(
      .reply(opcode: frame.opcode.rawValue, requestId: frame.requestId))
    // The pointer lives for the closure only.
    unsafe frame.body.withUnsafeBytes { bytes in unsafe output.raw(bytes) }
    do throws(WireFault) {
      try output.endFrame(mark, maxFrame: Int(caller.maxFrameBytes))
    } catch {
      return .malformed(error)
    }
    return .answered
  }

  mutating func finish(
    _ outcome: Never, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) {}

  mutating func turnEnded() {}

  var releasedPosition: UInt64 { 0 }
}
