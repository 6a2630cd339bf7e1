public import TokenWire

/// A registered app, as a test knows it.
public struct RegisteredApp: Sendable {
  public let clientId: [UInt8]
  public let secret: [UInt8]
  public let callback: String
  public let fields: AppFields

  public var client: ClientAuth {
    ClientAuth(
      clientId: clientId, clientSecret: secret, method: secret.isEmpty ? .none : .basic)
  }
}

// What tests need before they can begin.
extension ServiceConnection {
  /// The provider on, registration open to everybody.
  public func switchOn() throws {
    try set([("provider-enabled", "true"), ("restrict-integrations-to-admins", "false")])
  }

  public func set(_ settings: [(String, String)]) throws {
    try call(
      SettingsSetRequest(
        acting: .local, settings: settings.map { SettingEntry(name: $0.0, value: $0.1) }))
  }

  /// Registers an app by local administration, for `creator` if one is named.
  public func register(
    _ name: String = "app", creator: String = "", isPublic: Bool = false, grants: UInt16 = 0,
    audiences: [String] = [], scopes: String = ""
  ) throws -> RegisteredApp {
    let callback = "https://app.example/callback"
    let fields = AppFields(
      name: name, description: "for a test", homepage: "https://app.example", iconUrl: "",
      callbacks: [callback], trusted: false, isPublic: isPublic, grants: grants,
      audiences: audiences, scopes: scopes)
    let acting = Acting(user: creator, systemAdmin: false, login: .local)
    let reply = try call(AppRegisterRequest(acting: acting, fields: fields))
    return RegisteredApp(
      clientId: reply.clientId, secret: reply.clientSecret, callback: callback, fields: fields)
  }

  /// Issues tokens without consent: one grant.
  public func issue(
    _ app: RegisteredApp, user: String = "ann", scope: String = "", audience: String = "",
    withRefresh: Bool = false, count: UInt16 = 1
  ) throws -> [TokenSet] {
    let item = IssueItem(
      clientId: app.clientId, user: Array(user.utf8), scope: Array(scope.utf8),
      audience: Array(audience.utf8), lifetimeSeconds: 0, withRefresh: withRefresh, count: count)
    return try call(IssueRequest(items: [item])).tokens
  }

  /// A consent ticket for a person.
  public func ticket(_ app: RegisteredApp, user: String) throws -> [UInt8] {
    try call(authorization(app, user: user)).ticket
  }

  public func authorization(_ app: RegisteredApp, user: String) -> AuthorizeRequest {
    AuthorizeRequest(
      acting: .session(user), responseType: Array("code".utf8), clientId: app.clientId,
      redirectUri: Array(app.callback.utf8), scope: [], state: Array("s".utf8),
      codeChallenge: [], codeChallengeMethod: [], resource: [])
  }

  /// A fresh authorization code, allowed by the person.
  public func code(_ app: RegisteredApp, user: String = "ann") throws -> [UInt8] {
    let answer = try call(authorization(app, user: user))
    var redirect = answer.redirect
    if answer.result == AuthorizeReply.Outcome.consentNeeded.rawValue {
      redirect = try call(AllowRequest(acting: .session(user), ticket: answer.ticket)).redirect
    }
    let text = String(decoding: redirect, as: UTF8.self)
    let parameter =
      text.split(whereSeparator: { $0 == "?" || $0 == "&" })
      .first { $0.hasPrefix("code=") } ?? ""
    return Array(parameter.utf8.dropFirst(5))
  }

  public func exchange(_ app: RegisteredApp, code: [UInt8]) -> ExchangeRequest {
    ExchangeRequest(
      client: app.client, code: code, redirectUri: Array(app.callback.utf8), codeVerifier: [],
      resource: [])
  }

  public func refresh(_ app: RegisteredApp, token: [UInt8]) -> RefreshRequest {
    RefreshRequest(client: app.client, refreshToken: token, scope: [], resource: [])
  }

  /// The verdict on each token.
  public func verdicts(
    _ tokens: [[UInt8]], scopes: String = "", audience: String = "", anyAudience: Bool = false,
    atLeast position: UInt64 = 0
  ) throws -> [Verdict?] {
    let request = ValidateRequest(
      form: .verdict, flags: anyAudience ? ValidateRequest.anyAudience : 0,
      atLeastPosition: position, requiredScopes: Array(scopes.utf8),
      audience: Array(audience.utf8), tokens: tokens)
    guard case .verdicts(let elements) = try call(request) else { return [] }
    return elements.map { Verdict(rawValue: $0.verdict) }
  }

  public func verdict(_ token: [UInt8]) throws -> Verdict? { try verdicts([token]).first ?? nil }
}

extension Acting {
  /// A person with a login of their own.
  public static func session(_ user: String, systemAdmin: Bool = false) -> Acting {
    Acting(user: user, systemAdmin: systemAdmin, login: .session)
  }
}
