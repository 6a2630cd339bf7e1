internal import TokenWire

/// Refusals of a whole request, and the end of every reply.
extension Validator {
  func invalid(
    _ field: String, _ requestId: UInt32, to output: inout WireWriter
  ) {
    let message =
      field == "audience"
      ? "an audience has at most \(WireLimits.audienceBytes) bytes"
      : "at most \(WireLimits.scopeTokens) scopes in \(WireLimits.scopeBytes) bytes, one space "
        + "between two, no quote and no backslash (RFC 6749 section 3.3)"
    output.error(
      .invalidField, ErrorBody(.invalidField, field: field, message: message),
      opcode: Opcode.validate.rawValue, requestId: requestId)
  }

  func notCaughtUp(
    _ position: UInt64, _ requestId: UInt32, to output: inout WireWriter
  ) {
    let body = ErrorBody(
      .notCaughtUp, field: "atLeastPosition",
      message: "position \(position) is not released yet; ask again", retryAfterMillis: 1)
    output.error(.notCaughtUp, body, opcode: Opcode.validate.rawValue, requestId: requestId)
  }

  func end(
    _ mark: WireWriter.FrameMark, _ requestId: UInt32, _ caller: Caller,
    to output: inout WireWriter
  ) {
    do throws(WireFault) {
      try output.endFrame(mark, maxFrame: Int(caller.maxFrameBytes))
    } catch {
      let body = ErrorBody(
        .limitReached, field: "tokens",
        message: "the reply is larger than this connection's frame limit; ask for fewer tokens")
      output.error(
        .limitReached, body, opcode: Opcode.validate.rawValue, requestId: requestId)
    }
  }
}
