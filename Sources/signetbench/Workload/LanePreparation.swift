internal import LinuxIO
internal import TokenWire

/// What the workloads with mutations need before they begin: an application, the refresh tokens to
/// rotate.
struct LanePreparation {
  private let request: RunRequest

  init(_ request: RunRequest) { self.request = request }

  private var shape: LoadShape { request.plan.shape }

  func codec() throws(BenchError) -> SignetLaneCodec {
    let store = try request.tokensPath.map { (path) throws(BenchError) in
      try TokenFile.read(path)
    }
    return SignetLaneCodec(request.workload, shape, store, try exchanges(store))
  }

  private func exchanges(
    _ store: TokenStore?
  ) throws(BenchError) -> SignetLaneCodec.Exchanges {
    var exchanges = SignetLaneCodec.Exchanges()
    switch request.workload {
    case .validate: break
    case .issue: exchanges.issue = try issue(store, tokens: shape.batch)
    case .revoke: exchanges.revoke = try store.map(revoke)
    case .refresh: exchanges.refresh = try refresh()
    case .mixed:
      exchanges.issue = try issue(store, tokens: 1)
      exchanges.revoke = try store.map(revoke)
      exchanges.validate = store.map { store in
        ValidateExchange(
          shape, store, request.mix, wantsIdentity: request.wantsIdentity,
          startMillis: SystemClock.realtimeMillis())
      }
    }
    return exchanges
  }

  private func revoke(_ store: TokenStore) throws(BenchError) -> RevokeExchange {
    try RevokeExchange(shape, store)
  }

  private func issue(
    _ store: TokenStore?, tokens: Int
  ) throws(BenchError) -> IssueExchange {
    let clientId: [UInt8]
    if let store {
      clientId = store.clientId
    } else {
      let setup = try SignetSetup(path: request.socketPath)
      try setup.switchOn()
      clientId = try setup.register().clientId
    }
    return try IssueExchange(
      shape, tokens: tokens, tokensPerGrant: request.tokensPerGrant, clientId: clientId,
      startMillis: SystemClock.realtimeMillis())
  }

  private func refresh() throws(BenchError) -> RefreshExchange {
    let setup = try SignetSetup(path: request.socketPath)
    try setup.switchOn()
    let client = try setup.register()
    var tokens: [[UInt8]] = []
    while tokens.count < shape.tickets {
      let part = min(shape.tickets - tokens.count, GrantOwners.frameTokens)
      let first = RefreshExchange.firstUser + UInt32(tokens.count)
      let owners = (0..<part).map { (user: first + UInt32($0), count: 1) }
      let sets = try setup.issue(client.clientId, owners, withRefresh: true)
      if sets.count != part { throw .wrong("ISSUE made \(sets.count) of \(part) tokens") }
      tokens += sets.map(\.refreshToken)
    }
    return try RefreshExchange(client, tokens)
  }
}
