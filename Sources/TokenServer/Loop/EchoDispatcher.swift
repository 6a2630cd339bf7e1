internal import TokenWire

/// Answers VALIDATE with its own body and everything else not at all: what remains of a request
/// when the service is taken away.
struct EchoDispatcher: FrameDispatcher {
  typealias Outcome = Never

  mutating func validate(
    _ run: borrowing RequestRun, caller: Caller, output: inout WireWriter
  ) -> RunAnswer {
    var answer = RunAnswer()
    while let request = run.request(at: answer.bytes) {
      let mark = output.beginFrame(
        .reply(opcode: Opcode.validate.rawValue, requestId: request.requestId))
      // The pointer lives for the closure only.
      unsafe run.bytes.extracting(request.body).withUnsafeBytes { bytes in
        unsafe output.raw(bytes)
      }
      do throws(WireFault) {
        try output.endFrame(mark, maxFrame: Int(caller.maxFrameBytes))
      } catch {
        answer.fault = error
        return answer
      }
      answer.frames += 1
      answer.bytes = request.body.upperBound
    }
    return answer
  }

  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) -> FrameDisposition {
    output.error(
      .unsupported, ErrorBody(.unsupported, message: "the echo server answers VALIDATE only"),
      opcode: frame.opcode.rawValue, requestId: frame.requestId)
    return .answered
  }

  mutating func finish(
    _ outcome: Never, caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) {}

  mutating func turnEnded() {}

  var releasedPosition: UInt64 { 0 }
}
