import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// A registered app, as a test knows it.
struct RigApp {
  let clientId: [UInt8]
  let secret: [UInt8]

  static let callback = "https://app.example/callback"

  var client: ClientAuth { ClientAuth(clientId: clientId, clientSecret: secret, method: .basic) }
}

// What tests need before they can begin.
extension JournalRig {
  /// The provider on, and an app.
  func register() throws -> RigApp {
    try call(
      SettingsSetRequest(
        acting: .local, settings: [SettingEntry(name: "provider-enabled", value: "true")]))
    let fields = AppFields(
      name: "app", description: "", homepage: "https://app.example", iconUrl: "",
      callbacks: [RigApp.callback], trusted: false, isPublic: false, grants: 15, audiences: [],
      scopes: "")
    let reply = try call(AppRegisterRequest(acting: .local, fields: fields))
    return RigApp(clientId: reply.clientId, secret: reply.clientSecret)
  }

  /// A fresh authorization code, allowed by the person.
  func code(_ app: RigApp) throws -> [UInt8] {
    let asked = try call(
      AuthorizeRequest(
        acting: .session("ann"), responseType: Array("code".utf8), clientId: app.clientId,
        redirectUri: Array(RigApp.callback.utf8), scope: [], state: Array("s".utf8),
        codeChallenge: [], codeChallengeMethod: [], resource: []))
    let allowed = try call(AllowRequest(acting: .session("ann"), ticket: asked.ticket))
    let text = String(decoding: allowed.redirect, as: UTF8.self)
    let parameter = text.split(whereSeparator: { $0 == "?" || $0 == "&" })
      .first { $0.hasPrefix("code=") }
    return Array(try #require(parameter).utf8.dropFirst(5))
  }

  func exchange(_ app: RigApp, code: [UInt8]) -> ExchangeRequest {
    ExchangeRequest(
      client: app.client, code: code, redirectUri: Array(RigApp.callback.utf8), codeVerifier: [],
      resource: [])
  }

  /// An issued token whose reply is out.
  func issuedAndReleased(_ app: RigApp) throws -> IssuedByHand {
    let issued = try issue(app)
    _ = try reply(issued.request, to: IssueRequest.self)
    return issued
  }
}
