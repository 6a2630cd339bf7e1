internal import SignetClient
internal import TokenWire

/// The application of the tool's own, for tokens that are issued without one being named: ISSUE
/// always names an application. It is an ordinary one, registered by local administration; nobody
/// keeps its secret and its address leads nowhere, so it is good for issuing and for nothing else.
struct OwnApplication {
  static let name = "signetctl"

  let clientID: [UInt8]
  let isNew: Bool

  /// For the reader of the report.
  var note: String {
    let id = printable(clientID)
    return isNew
      ? "without --client: registered the application \(Self.name) for it, client id \(id)"
      : "without --client: issued for the application \(Self.name), client id \(id)"
  }

  /// The oldest that there is, so that two first runs at once are of one mind from then on; else a
  /// new one. One request for each page of the list of all applications.
  static func findOrRegister(_ invocation: Invocation) throws(CommandError) -> OwnApplication {
    let acting = Acting(user: "", systemAdmin: false, login: .local)
    var oldest: AppEntry?
    _ = try invocation.pages(
      0, { AppListRequest(acting: acting, all: true, cursor: $0, maxBytes: 0) },
      take: { reply in
        for app in reply.apps where isOwn(app) {
          if oldest.map({ app.createdAt < $0.createdAt }) ?? true { oldest = app }
        }
        return reply.nextCursor
      })
    if let oldest { return OwnApplication(clientID: oldest.clientId, isNew: false) }
    // `--idempotency-key` is of the ISSUE that follows.
    let reply = try invocation.call(
      AppRegisterRequest(key: IdempotencyKey.random(), acting: acting, fields: fields))
    return OwnApplication(clientID: reply.clientId, isNew: true)
  }

  /// People and strangers may name theirs as they like, but cannot register one without a creator
  /// and not dynamically.
  private static func isOwn(_ app: AppEntry) -> Bool {
    app.name.elementsEqual(name.utf8) && app.creator.isEmpty && !app.dynamicallyRegistered
  }

  /// Hosts under .invalid exist nowhere (RFC 2606).
  private static var fields: AppFields {
    AppFields(
      name: Array(name.utf8),
      description: Array("Tokens that an administrator issued with signetctl.".utf8),
      homepage: Array("https://signetctl.invalid/".utf8), iconUrl: [],
      callbacks: [Array("https://signetctl.invalid/callback".utf8)], trusted: false,
      isPublic: false, grants: 0, audiences: [], scopes: [])
  }
}
