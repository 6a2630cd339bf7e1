internal import TokenCore
internal import TokenCrypto
internal import TokenWire

/// VALIDATE, on the worker that read it: the texts and MACs of all requests that one read brought,
/// then all look-ups, then all replies in order. No lock, no journal; scratch space is kept from
/// run to run.
///
/// The order of checks is normative, so forged input never touches shared memory: length, prefix,
/// alphabet and range, checksum, key id, MAC, record, gates and expiry, audience, scope, provider.
/// The clock is read after the last MAC and before the first look-up, once for all of them.
struct Validator: ~Copyable {
  private let view: ServiceView
  /// The requests at hand: the first `requestCount`.
  private var requests = [PendingValidate](repeating: .none, count: Self.tokensTogether)
  private var requestCount = 0
  /// What is known of each token before the table is asked; `valid`: its id is to be looked up.
  private var verdicts: [Verdict]
  private var tokenCount = 0
  /// Authentic ids, in the order of their tokens: the first `idCount`.
  private var ids: [TokenID]
  private var idCount = 0
  /// What the table says of each.
  private var answers: [TokenAnswer]
  private var subject: TextBuffer
  private var clientID: TextBuffer
  private var scope: TextBuffer
  private var audience: TextBuffer

  /// Tokens of small requests that are judged together; one request may have more. Enough for cache
  /// misses to overlap, and a bound on what one call writes.
  static var tokensTogether: Int { 128 }

  init(view: ServiceView) {
    self.view = view
    let most = WireLimits.validateTokens
    verdicts = [Verdict](repeating: .valid, count: most)
    ids = [TokenID](repeating: .none, count: most)
    answers = [TokenAnswer](repeating: .absent, count: most)
    subject = TextBuffer(capacity: Limits.userIDMaxBytes)
    clientID = TextBuffer(capacity: Limits.clientIDBytes)
    scope = TextBuffer(capacity: Limits.scopeMaxBytes)
    audience = TextBuffer(capacity: Limits.audienceMaxBytes)
  }

  var releasedPosition: UInt64 { view.gates.released }

  /// Answers requests from the front of the run, one reply frame each.
  mutating func answer(
    _ run: borrowing RequestRun, _ caller: Caller, _ mint: borrowing TokenMint,
    _ counters: WorkerCounters, to output: inout WireWriter
  ) -> RunAnswer {
    var answer = RunAnswer()
    (requestCount, tokenCount, idCount) = (0, 0, 0)
    gathering: while let request = run.request(at: answer.bytes) {
      let step: Step
      do throws(WireFault) {
        step = try gather(request, of: run, mint, to: &output)
      } catch {
        answer.fault = error
        break gathering
      }
      if step == .left { break gathering }
      answer.frames += 1
      answer.bytes = request.body.upperBound
      if step == .refused { break gathering }
    }
    if requestCount > 0 {
      let nowMillis = view.clock.denialMillis()
      lookUp(nowSeconds: UInt32(truncatingIfNeeded: nowMillis / 1_000))
      let valid = reply(to: run, caller, nowMillis: nowMillis, in: &output)
      counters.countValidation(frames: requestCount, tokens: tokenCount, valid: valid)
    }
    return answer
  }

  // MARK: Steps

  /// What became of the next request of a run.
  private enum Step {
    /// Its tokens are read.
    case gathered
    /// It was the first, and its refusal is written.
    case refused
    /// The next call takes it: it would be too many tokens, or is to be refused behind others.
    case left
  }

  private mutating func gather(
    _ request: RequestRun.Request, of run: borrowing RequestRun, _ mint: borrowing TokenMint,
    to output: inout WireWriter
  ) throws(WireFault) -> Step {
    let message = try ValidateRequestView(run.bytes.extracting(request.body))
    let isFirst = requestCount == 0
    guard isFirst || tokenCount + message.tokenCount <= Self.tokensTogether else { return .left }
    let pending = PendingValidate(request, message)
    let badField = pending.requirement(in: run).badField
    if badField != nil || message.atLeastPosition > view.gates.released {
      guard isFirst else { return .left }
      if let badField {
        invalid(badField, request.requestId, to: &output)
      } else {
        notCaughtUp(message.atLeastPosition, request.requestId, to: &output)
      }
      return .refused
    }
    authenticate(message, mint)
    requests[requestCount] = pending
    requestCount += 1
    return .gathered
  }

  /// Texts and MACs. What is authentic goes into `ids`.
  private mutating func authenticate(
    _ message: borrowing ValidateRequestView, _ mint: borrowing TokenMint
  ) {
    Self.authenticate(message, mint, &verdicts, &tokenCount, &ids, &idCount)
  }

  private static func authenticate(
    _ message: borrowing ValidateRequestView, _ mint: borrowing TokenMint,
    _ verdictArray: inout [Verdict], _ tokenCount: inout Int, _ idArray: inout [TokenID],
    _ idCount: inout Int
  ) {
    // Spans, so that no store asks whether the array is shared.
    var verdicts = verdictArray.mutableSpan
    var ids = idArray.mutableSpan
    var cursor = message.tokens
    while let range = message.nextToken(&cursor) {
      let verdict = check(message.bytes(range), mint, &ids[idCount])
      verdicts[tokenCount] = verdict
      if verdict == .valid { idCount += 1 }
      tokenCount += 1
    }
  }

  /// `valid`: the text is authentic, and its id is set.
  @inline(__always)
  private static func check(
    _ text: RawSpan, _ mint: borrowing TokenMint, _ id: inout TokenID
  ) -> Verdict {
    if text.byteCount == 0 { return .missing }
    let parsed = unsafe text.withUnsafeBytes { unsafe try? TokenText.parse($0) }
    guard let parsed, parsed.kind == .accessToken else { return .malformed }
    guard mint.verify(parsed) == .authentic else { return .forged }
    id = TokenID(parsed)
    return .valid
  }

  /// All look-ups together, so that their cache misses overlap.
  private mutating func lookUp(nowSeconds: UInt32) {
    Self.ask(view.space, ids, idCount, nowSeconds: nowSeconds, &answers)
  }

  private static func ask(
    _ space: TokenSpace, _ ids: [TokenID], _ count: Int, nowSeconds: UInt32,
    _ answers: inout [TokenAnswer]
  ) {
    var room = answers.mutableSpan
    var found = room._mutatingExtracting(0..<count)
    space.lookup(ids.span.extracting(0..<count), nowSeconds: nowSeconds, into: &found)
  }

  /// Audience, scope and provider, and the replies. Returns how many tokens are valid.
  private mutating func reply(
    to run: borrowing RequestRun, _ caller: Caller, nowMillis: UInt64, in output: inout WireWriter
  ) -> Int {
    let provider = view.gates.provider
    var (token, id, valid) = (0, 0, 0)
    for index in 0..<requestCount {
      let request = requests[index]
      let wanted = request.requirement(in: run)
      let mark = output.beginFrame(
        .reply(opcode: Opcode.validate.rawValue, requestId: request.requestId))
      output.beginValidateReply(request.form, count: request.tokenCount)
      for _ in 0..<request.tokenCount {
        let known = verdicts[token]
        token += 1
        if known != .valid {
          write(refused: known, request.form, to: &output)
        } else {
          let isValid = judge(
            answers[id], wanted, provider, request.form, nowMillis: nowMillis, to: &output)
          valid += isValid ? 1 : 0
          id += 1
        }
      }
      end(mark, request.requestId, caller, to: &output)
    }
    return valid
  }

  /// Writes the element of a token that was looked up; whether it is valid.
  @inline(__always)
  private mutating func judge(
    _ answer: TokenAnswer, _ wanted: borrowing Requirement, _ provider: ProviderSwitch,
    _ form: ValidateRequest.Form, nowMillis: UInt64, to output: inout WireWriter
  ) -> Bool {
    var verdict = Verdict(answer.verdict)
    if verdict == .valid { verdict = require(wanted, of: answer.record) }
    if verdict.isOverruledByProvider, !provider.contains(.on) { verdict = .providerOff }
    if form == .identity && verdict == .valid { verdict = copyTexts(of: answer.record) }
    guard verdict == .valid else {
      write(refused: verdict, form, to: &output)
      return false
    }
    switch form {
    case .verdict:
      output.verdict(
        Verdict.valid.rawValue, expiresInSeconds: secondsLeft(answer.record, nowMillis))
    case .identity: writeIdentity(answer.record, provider, to: &output)
    }
    return true
  }

  @inline(__always)
  private func write(
    refused verdict: Verdict, _ form: ValidateRequest.Form, to output: inout WireWriter
  ) {
    switch form {
    case .verdict: output.verdict(verdict.rawValue, expiresInSeconds: 0)
    case .identity: output.identity(refused: verdict)
    }
  }

  private mutating func require(_ wanted: borrowing Requirement, of record: TokenRecord) -> Verdict
  {
    if record.audience == 0 {
      audience.clear()
    } else {
      unsafe audience.fill { unsafe view.texts.copyAudience(record.audience, into: $0) }
      // An id without its text is no token for everybody.
      guard audience.count > 0 else { return .wrongAudience }
    }
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
