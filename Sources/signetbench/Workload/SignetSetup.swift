internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// What a run needs of signetd before it begins, asked for one by one over a connection of its own:
/// the provider on, an application, tokens in a known state.
struct SignetSetup: ~Copyable {
  private let connection: SignetConnection

  init(path: String) throws(BenchError) {
    var options = ClientOptions(clientName: "signetbench")
    options.requestTimeoutMillis = 60_000
    connection = try Self.asking { () throws(ClientError) in
      try SignetConnection.connect(path: path, options: options)
    }
  }

  private static func asking<T>(_ body: () throws(ClientError) -> T) throws(BenchError) -> T {
    do throws(ClientError) {
      return try body()
    } catch {
      throw .cannotConnect("signetd: \(error)")
    }
  }

  private func call<R: RequestMessage>(_ request: R) throws(BenchError) -> R.Reply {
    try Self.asking { () throws(ClientError) in try connection.call(request) }
  }

  /// Switches the provider on, as a fresh data directory has it off.
  func switchOn() throws(BenchError) {
    let setting = SettingEntry(name: "provider-enabled", value: "true")
    _ = try call(SettingsSetRequest(acting: local, settings: [setting]))
  }

  private var local: Acting { Acting(user: "", systemAdmin: false, login: .local) }

  /// Registers an application and says how it authenticates.
  func register() throws(BenchError) -> ClientAuth {
    let fields = AppFields(
      name: "signetbench", description: "made by signetbench", homepage: "https://bench.example",
      iconUrl: "", callbacks: ["https://bench.example/callback"], trusted: false,
      isPublic: false, grants: 0, audiences: [], scopes: "")
    let reply = try call(AppRegisterRequest(acting: local, fields: fields))
    return ClientAuth(
      clientId: reply.clientId, clientSecret: reply.clientSecret, method: .basic)
  }

  /// Tokens for numbered users.
  ///
  /// - Parameter grants: users, each with so many tokens under one grant; at most 128 tokens.
  func issue(
    _ clientId: [UInt8], _ grants: [(user: UInt32, count: Int)], lifetimeSeconds: UInt32 = 0,
    withRefresh: Bool = false
  ) throws(BenchError) -> [TokenSet] {
    try call(
      Self.request(
        clientId, grants, lifetimeSeconds: lifetimeSeconds, withRefresh: withRefresh)
    ).tokens
  }

  static func request(
    _ clientId: [UInt8], _ grants: [(user: UInt32, count: Int)], lifetimeSeconds: UInt32 = 0,
    withRefresh: Bool = false
  ) -> IssueRequest {
    IssueRequest(
      items: grants.map { user, count in
        IssueItem(
          clientId: clientId, user: UserName.bytes(user), scope: [], audience: [],
          lifetimeSeconds: lifetimeSeconds, withRefresh: withRefresh, count: UInt16(count))
      })
  }

  func revoke(_ text: [UInt8]) throws(BenchError) {
    let reply = try call(RevokeRequest(subject: text))
    if !reply.revoked { throw .wrong("a token that was just issued could not be revoked") }
  }

  // MARK: Filling

  /// Issues all tokens of a store, several frames on their way at a time.
  ///
  /// - Parameter showing: told how many are there.
  func fill(
    _ store: TokenStore, grants: Int, showing: (Int) -> Void
  ) throws(BenchError) {
    var waiting: [(RequestHandle<IssueRequest>, first: Int, owners: [(user: UInt32, count: Int)])]
    waiting = []
    var owners = GrantOwners(tokens: store.count, grants: grants)
    var next = 0
    while next < store.count || !waiting.isEmpty {
      while waiting.count < 16, next < store.count {
        let frame = owners.nextFrame()
        let request = Self.request(store.clientId, frame)
        let handle = try Self.asking { () throws(ClientError) in try connection.send(request) }
        waiting.append((handle, next, frame))
        next += frame.reduce(0) { $0 + $1.count }
      }
      let (handle, first, frame) = waiting.removeFirst()
      let reply = try Self.asking { () throws(ClientError) in try connection.receive(handle) }
      var index = first
      for owner in frame {
        for _ in 0..<owner.count {
          guard index - first < reply.tokens.count else { throw .wrong("ISSUE made too few") }
          store.setText(reply.tokens[index - first].accessToken, at: index, user: owner.user)
          index += 1
        }
      }
      showing(index)
    }
  }
}
