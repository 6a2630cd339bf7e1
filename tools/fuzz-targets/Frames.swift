// Fuzz target: a byte stream from a peer. Every frame that the reader finds is decoded as the
// message its header names; what decodes must encode, and decode again to the same value.
// Compiled into one module with TokenWire.

/// Decodes and encodes one shape with its type erased.
private struct Shape: Sendable {
  let check: @Sendable ([UInt8]) -> Void

  init<T: WireFields>(_ type: T.Type) {
    check = { body in
      guard let value = try? T(body: body) else { return }
      guard let encoded = try? value.encodedBody() else {
        fatalError("\(T.self) decodes and does not encode")
      }
      guard encoded.count <= body.count else { fatalError("\(T.self) grew by decoding") }
      guard let again = try? T(body: encoded) else {
        fatalError("\(T.self) does not decode what it encoded")
      }
      guard again == value else { fatalError("\(T.self) decodes to another value") }
      guard let twice = try? again.encodedBody(), twice == encoded else {
        fatalError("\(T.self) encodes one value in two ways")
      }
    }
  }
}

private func shapes<T: RequestMessage>(_ type: T.Type) -> (UInt16, request: Shape, reply: Shape) {
  (T.opcode.rawValue, Shape(type), Shape(T.Reply.self))
}

private let table: [UInt16: (request: Shape, reply: Shape)] = {
  let all = [
    shapes(HelloRequest.self), shapes(PingRequest.self), shapes(BarrierRequest.self),
    shapes(ValidateRequest.self), shapes(IntrospectRequest.self),
    shapes(ClientIntrospectRequest.self), shapes(IssueRequest.self),
    shapes(AuthorizeRequest.self), shapes(AllowRequest.self), shapes(DenyRequest.self),
    shapes(ExchangeRequest.self), shapes(RefreshRequest.self),
    shapes(ClientCredentialsRequest.self), shapes(ClientRevokeRequest.self),
    shapes(RevokeRequest.self), shapes(AppRegisterRequest.self), shapes(AppGetRequest.self),
    shapes(AppInfoRequest.self), shapes(AppListRequest.self), shapes(AppUpdateRequest.self),
    shapes(AppDeleteRequest.self), shapes(AppRegenerateSecretRequest.self),
    shapes(AppRegisterDynamicRequest.self), shapes(GrantListRequest.self),
    shapes(GrantGetRequest.self), shapes(GrantRevokeRequest.self),
    shapes(AuthorizedAppsRequest.self), shapes(DeauthorizeRequest.self),
    shapes(UserDisableRequest.self), shapes(UserEnableRequest.self),
    shapes(RevokeUserRequest.self), shapes(RevokeAppRequest.self),
    shapes(RevokeBeforeRequest.self), shapes(SettingsGetRequest.self),
    shapes(SettingsSetRequest.self), shapes(KeysListRequest.self), shapes(KeysRotateRequest.self),
    shapes(KeysRetireRequest.self), shapes(SnapshotRequest.self), shapes(BackupRequest.self),
    shapes(StatusRequest.self), shapes(StatsRequest.self), shapes(AuditRequest.self),
    shapes(MetadataRequest.self), shapes(ClockAcceptRequest.self),
  ]
  guard all.count == Opcode.allCases.count else { fatalError("an operation has no shape here") }
  return Dictionary(uniqueKeysWithValues: all.map { ($0.0, ($0.request, $0.reply)) })
}()

private let errorShape = Shape(ErrorBody.self)

private func judge(_ header: FrameHeader, _ body: [UInt8], _ side: FrameReader.Side) {
  if side == .replies, header.status != 0 { return errorShape.check(body) }
  guard let pair = table[header.opcode] else { return }
  (side == .requests ? pair.request : pair.reply).check(body)
  guard side == .requests, header.opcode == Opcode.validate.rawValue else { return }
  judgeView(body)
}

/// The view that the server reads in place must accept exactly what the message accepts.
private func judgeView(_ body: [UInt8]) {
  let message = try? ValidateRequest(body: body)
  let span = unsafe body.span.bytes
  do {
    let view = try ValidateRequestView(span)
    guard let message else { fatalError("the view accepts what the message refuses") }
    var tokens: [[UInt8]] = []
    var cursor = view.tokens
    while let range = view.nextToken(&cursor) { tokens.append(Array(body[range])) }
    guard tokens == message.tokens, Array(body[view.audience]) == message.audience,
      Array(body[view.requiredScopes]) == message.requiredScopes
    else { fatalError("the view reads other fields than the message") }
  } catch {
    guard message == nil else { fatalError("the view refuses what the message accepts") }
  }
}

private func walk(_ bytes: [UInt8], _ side: FrameReader.Side) {
  let reader = FrameReader(side, version: 1, maxFrame: WireLimits.frameBytesMax)
  let span = unsafe bytes.span.bytes
  var offset = 0
  while case .frame(let header, let body) = reader.scan(span, from: offset) {
    guard body.lowerBound == offset + WireLimits.headerBytes,
      body.count == Int(header.length), body.upperBound <= bytes.count
    else { fatalError("a frame outside the buffer") }
    // One byte less is not a whole frame, and the reader says how many it takes.
    let cut = span.extracting(0..<body.upperBound - 1)
    guard case .needsMore(let needed) = reader.scan(cut, from: offset),
      needed == body.upperBound - offset || body.upperBound - 1 - offset < WireLimits.headerBytes
    else { fatalError("a frame is found before it is whole") }
    judge(header, Array(bytes[body]), side)
    offset = body.upperBound
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  walk(bytes, .requests)
  walk(bytes, .replies)
  return 0
}
