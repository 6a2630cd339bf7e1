public import TokenWire

extension SignetConnection {
  /// Validates any number of tokens, in as few frames as the limits allow, all of them in flight at
  /// once. The reply has one element a token, in their order.
  ///
  /// A token of more than 256 bytes is cut there: it is malformed either way, and a stranger's long
  /// header must not spoil the batch of everybody else.
  ///
  /// - Parameters:
  ///   - form: `.verdict` is the cheaper answer; `.identity` also says whose token it is.
  ///   - scopes: what a token must have, space separated; empty asks for nothing.
  ///   - audience: who asks; a token for an audience passes only if this is it.
  ///   - anyAudience: lets tokens of every audience pass.
  ///   - atLeastPosition: refused with NOT_CAUGHT_UP if the service has not released it yet.
  public func validate(
    _ tokens: [[UInt8]], form: ValidateRequest.Form = .verdict, scopes: [UInt8] = [],
    audience: [UInt8] = [], anyAudience: Bool = false, atLeastPosition: UInt64 = 0
  ) throws(ClientError) -> ValidateReply {
    let template = ValidateRequest(
      form: form, flags: anyAudience ? ValidateRequest.anyAudience : 0,
      atLeastPosition: atLeastPosition, requiredScopes: scopes, audience: audience, tokens: [])
    var handles: [(RequestHandle<ValidateRequest>, count: Int)] = []
    do {
      for batch in batches(of: tokens, template) {
        var request = template
        request.tokens = batch
        handles.append((try send(request), batch.count))
      }
      return try merged(handles, form)
    } catch {
      for (handle, _) in handles { abandon(handle) }
      throw error
    }
  }

  /// The same with texts.
  public func validate(
    _ tokens: [String], form: ValidateRequest.Form = .verdict, scopes: String = "",
    audience: String = "", anyAudience: Bool = false, atLeastPosition: UInt64 = 0
  ) throws(ClientError) -> ValidateReply {
    try validate(
      tokens.map { Array($0.utf8) }, form: form, scopes: Array(scopes.utf8),
      audience: Array(audience.utf8), anyAudience: anyAudience, atLeastPosition: atLeastPosition)
  }

  private func merged(
    _ handles: [(RequestHandle<ValidateRequest>, count: Int)], _ form: ValidateRequest.Form
  ) throws(ClientError) -> ValidateReply {
    var verdicts: [VerdictElement] = []
    var identities: [Identity] = []
    for (handle, count) in handles {
      let reply = try receive(handle)
      guard reply.count == count else {
        throw .protocolViolation("VALIDATE answered \(reply.count) of \(count) tokens")
      }
      switch (reply, form) {
      case (.verdicts(let elements), .verdict): verdicts += elements
      case (.identities(let elements), .identity): identities += elements
      default: throw .protocolViolation("VALIDATE answered in a form nobody asked for")
      }
    }
    return form == .verdict ? .verdicts(verdicts) : .identities(identities)
  }

  /// Cuts the tokens into frames: 512 tokens at most, the request within the frame limit, and in
  /// identity form the largest possible reply too.
  private func batches(of tokens: [[UInt8]], _ template: ValidateRequest) -> [[[UInt8]]] {
    let maxFrame = Int(hello.maxFrame)
    // form, flags, position, two texts with their lengths, the count.
    let fixed = 16 + template.requiredScopes.count + template.audience.count
    let most =
      template.form == .verdict
      ? min(WireLimits.validateTokens, (maxFrame - 3) / WireLimits.verdictBytes)
      : min(WireLimits.validateTokens, (maxFrame - 3) / Self.identityBytesMax)
    var batches: [[[UInt8]]] = []
    var batch: [[UInt8]] = []
    var bytes = fixed
    for token in tokens {
      let token = token.count > Self.tokenBytesMax ? Array(token[..<Self.tokenBytesMax]) : token
      if batch.count >= max(most, 1) || (!batch.isEmpty && bytes + token.count + 2 > maxFrame) {
        batches.append(batch)
        batch = []
        bytes = fixed
      }
      batch.append(token)
      bytes += token.count + 2
    }
    if !batch.isEmpty { batches.append(batch) }
    return batches
  }

  /// Bytes of the largest identity element: its fixed part and every text at its limit.
  private static let identityBytesMax = 816
  private static let tokenBytesMax = 256
}
