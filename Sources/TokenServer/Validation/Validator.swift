internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// VALIDATE, on the worker that read it: all texts and MACs first, then all look-ups, then
/// verdicts. No lock, no journal; scratch space is kept from frame to frame.
///
/// The order of checks is normative, so forged input never touches shared memory: length, prefix,
/// alphabet and range, checksum, key id, MAC, record, gates and expiry, audience, scope, provider.
struct Validator: ~Copyable {
  private let view: ServiceView
  private var verdicts: [Verdict]
  private var ids: [TokenID]
  /// For each id that is looked up, which token of the frame it is.
  private var places: [Int]
  private var answers: [TokenAnswer]
  private var subject: TextBuffer
  private var clientID: TextBuffer
  private var scope: TextBuffer
  private var audience: TextBuffer

  init(view: ServiceView) {
    self.view = view
    let most = WireLimits.validateTokens
    verdicts = [Verdict](repeating: .valid, count: most)
    ids = []
    ids.reserveCapacity(most)
    places = []
    places.reserveCapacity(most)
    answers = [TokenAnswer](repeating: .absent, count: most)
    subject = TextBuffer(capacity: Limits.userIDMaxBytes)
    clientID = TextBuffer(capacity: Limits.clientIDBytes)
    scope = TextBuffer(capacity: Limits.scopeMaxBytes)
    audience = TextBuffer(capacity: Limits.audienceMaxBytes)
  }

  var releasedPosition: UInt64 { view.gates.released }

  /// Appends the one reply frame.
  mutating func answer(
    _ frame: borrowing FrameView, _ caller: Caller, _ mint: borrowing TokenMint,
    _ counters: WorkerCounters, to output: inout WireWriter
  ) throws(WireFault) {
    let request = try ValidateRequestView(frame.body)
    let wanted = Requirement(
      scopes: request.bytes(request.requiredScopes), audience: request.bytes(request.audience),
      allowsAnyAudience: request.allowsAnyAudience)
    if let field = wanted.badField { return invalid(field, frame, to: &output) }
    guard request.atLeastPosition <= view.gates.released else {
      return notCaughtUp(request.atLeastPosition, frame, to: &output)
    }
    let nowMillis = view.clock.denialMillis()
    authenticate(request, mint)
    lookUp(nowSeconds: UInt32(truncatingIfNeeded: nowMillis / 1_000))
    let mark = output.beginFrame(
      .reply(opcode: Opcode.validate.rawValue, requestId: frame.requestId))
    output.beginValidateReply(request.form, count: request.tokenCount)
    let valid = judge(
      request.tokenCount, wanted, form: request.form, nowMillis: nowMillis, to: &output)
    counters.countValidation(tokens: request.tokenCount, valid: valid)
    end(mark, frame, caller, to: &output)
  }

  // MARK: Steps

  /// Texts and MACs. What is authentic goes into `ids`.
  private mutating func authenticate(
    _ request: borrowing ValidateRequestView, _ mint: borrowing TokenMint
  ) {
    ids.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    var cursor = request.tokens
    var place = 0
    while let range = request.nextToken(&cursor) {
      switch check(request.bytes(range), mint) {
      case .refused(let verdict): verdicts[place] = verdict
      case .authentic(let id):
        ids.append(id)
        places.append(place)
      }
      place += 1
    }
  }

  private func check(_ text: RawSpan, _ mint: borrowing TokenMint) -> TokenCheck {
    if text.byteCount == 0 { return .refused(.missing) }
    let parsed = unsafe text.withUnsafeBytes { unsafe try? TokenText.parse($0) }
    guard let parsed, parsed.kind == .accessToken else { return .refused(.malformed) }
    guard mint.verify(parsed) == .authentic else { return .refused(.forged) }
    return .authentic(TokenID(parsed))
  }

  /// All look-ups together, so that their cache misses overlap. `answers` are moved to their
  /// tokens' places from the back, which never overwrites one that is still needed.
  private mutating func lookUp(nowSeconds: UInt32) {
    Self.ask(view.space, ids, nowSeconds: nowSeconds, &answers)
    for index in places.indices.reversed() {
      answers[places[index]] = answers[index]
      verdicts[places[index]] = Verdict(answers[index].verdict)
    }
  }

  private static func ask(
    _ space: TokenSpace, _ ids: [TokenID], nowSeconds: UInt32, _ answers: inout [TokenAnswer]
  ) {
    var room = answers.mutableSpan
    var found = room._mutatingExtracting(0..<ids.count)
    space.lookup(ids.span, nowSeconds: nowSeconds, into: &found)
  }

  /// Audience, scope and provider, and the reply's elements. Returns how many are valid.
  private mutating func judge(
    _ count: Int, _ wanted: borrowing Requirement, form: ValidateRequest.Form, nowMillis: UInt64,
    to output: inout WireWriter
  ) -> Int {
    var valid = 0
    let provider = view.gates.provider
    for place in 0..<count {
      var verdict = verdicts[place]
      let record = answers[place].record
      if verdict == .valid { verdict = require(wanted, of: record) }
      if verdict.isOverruledByProvider, !provider.contains(.on) { verdict = .providerOff }
      if form == .identity && verdict == .valid { verdict = copyTexts(of: record) }
      if verdict == .valid { valid += 1 }
      switch form {
      case .verdict:
        output.verdict(
          verdict.rawValue,
          expiresInSeconds: verdict == .valid ? secondsLeft(record, nowMillis) : 0)
      case .identity where verdict == .valid: writeIdentity(record, provider, to: &output)
      case .identity: output.identity(refused: verdict)
      }
    }
    return valid
  }

  private mutating func require(_ wanted: borrowing Requirement, of record: TokenRecord) -> Verdict
  {
    unsafe audience.fill { unsafe view.texts.copyAudience(record.audience, into: $0) }
    // An id without its text is no token for everybody.
    guard record.audience == 0 || audience.count > 0 else { return .wrongAudience }
    guard wanted.accepts(audience: audience.span) else { return .wrongAudience }
    if wanted.asksForScopes {
      unsafe scope.fill { unsafe view.texts.copyScope(record.scopeSet, into: $0) }
      guard wanted.accepts(scope: scope.span) else { return .insufficientScope }
    }
    return .valid
  }

  /// Copies first and asks afterwards: a slot's gate was raised before its text changed hands.
  private mutating func copyTexts(of record: TokenRecord) -> Verdict {
    unsafe subject.fill { unsafe view.texts.copyUserID(record.user, into: $0) }
    unsafe clientID.fill { unsafe view.texts.copyClientID(record.app, into: $0) }
    unsafe scope.fill { unsafe view.texts.copyScope(record.scopeSet, into: $0) }
    return view.space.isStillLive(record) ? .valid : .revoked
  }

  private func writeIdentity(
    _ record: TokenRecord, _ provider: ProviderSwitch, to output: inout WireWriter
  ) {
    var overrides: UInt8 = 0
    if provider.contains(.usernameOverride) { overrides |= Identity.usernameOverride }
    if provider.contains(.iconOverride) { overrides |= Identity.iconOverride }
    unsafe output.identity(
      valid: record.user == 0 ? .client : .user, overrides: overrides,
      expiresAt: UInt64(record.expirySeconds) * 1_000, subject: subject.bytes,
      clientId: clientID.bytes, scope: scope.bytes, audience: audience.bytes)
  }

  private func secondsLeft(_ record: TokenRecord, _ nowMillis: UInt64) -> UInt32 {
    record.expirySeconds &- UInt32(truncatingIfNeeded: nowMillis / 1_000)
  }

  // MARK: Refusals of the whole frame

  private func invalid(
    _ field: String, _ frame: borrowing FrameView, to output: inout WireWriter
  ) {
    let message =
      field == "audience"
      ? "an audience has at most \(WireLimits.audienceBytes) bytes"
      : "at most \(WireLimits.scopeTokens) scopes in \(WireLimits.scopeBytes) bytes, one space "
        + "between two, no quote and no backslash (RFC 6749 section 3.3)"
    output.error(
      .invalidField, ErrorBody(.invalidField, field: field, message: message),
      opcode: frame.opcode.rawValue, requestId: frame.requestId)
  }

  private func notCaughtUp(
    _ position: UInt64, _ frame: borrowing FrameView, to output: inout WireWriter
  ) {
    let body = ErrorBody(
      .notCaughtUp, field: "atLeastPosition",
      message: "position \(position) is not released yet; ask again", retryAfterMillis: 1)
    output.error(.notCaughtUp, body, opcode: frame.opcode.rawValue, requestId: frame.requestId)
  }

  private func end(
    _ mark: WireWriter.FrameMark, _ frame: borrowing FrameView, _ caller: Caller,
    to output: inout WireWriter
  ) {
    do throws(WireFault) {
      try output.endFrame(mark, maxFrame: Int(caller.maxFrameBytes))
    } catch {
      let body = ErrorBody(
        .limitReached, field: "tokens",
        message: "the reply is larger than this connection's frame limit; ask for fewer tokens")
      output.error(
        .limitReached, body, opcode: frame.opcode.rawValue, requestId: frame.requestId)
    }
  }
}

extension Verdict {
  /// What the table says, as a verdict of the protocol. A commit that is not released yet has no
  /// token that anybody could hold.
  init(_ verdict: TokenVerdict) {
    switch verdict {
    case .live: self = .valid
    case .absent, .unreleased: self = .unknown
    case .expired: self = .expired
    case .revoked: self = .revoked
    }
  }

  /// A dead token is told dead; only what would pass, or fail for what was asked, meets the switch.
  var isOverruledByProvider: Bool {
    self == .valid || self == .wrongAudience || self == .insufficientScope
  }
}
