/// AUTHORIZE (0x0030): the parameters of an authorization request (RFC 6749 section 4.1.1, RFC
/// 7636, RFC 8707) and the person they reached.
public struct AuthorizeRequest: MutationMessage {
  public typealias Reply = AuthorizeReply
  public static var opcode: Opcode { .authorize }

  public var key: Bytes16
  public var acting: Acting
  public var responseType: [UInt8]
  public var clientId: [UInt8]
  public var redirectUri: [UInt8]
  public var scope: [UInt8]
  public var state: [UInt8]
  public var codeChallenge: [UInt8]
  public var codeChallengeMethod: [UInt8]
  public var resource: [UInt8]

  public init(
    key: Bytes16 = .zero, acting: Acting, responseType: [UInt8], clientId: [UInt8],
    redirectUri: [UInt8], scope: [UInt8], state: [UInt8], codeChallenge: [UInt8],
    codeChallengeMethod: [UInt8], resource: [UInt8]
  ) {
    self.key = key
    self.acting = acting
    self.responseType = responseType
    self.clientId = clientId
    self.redirectUri = redirectUri
    self.scope = scope
    self.state = state
    self.codeChallenge = codeChallenge
    self.codeChallengeMethod = codeChallengeMethod
    self.resource = resource
  }

  /// The same from strings.
  public init(
    key: Bytes16 = .zero, acting: Acting, responseType: String, clientId: String,
    redirectUri: String, scope: String, state: String, codeChallenge: String,
    codeChallengeMethod: String, resource: String
  ) {
    self.init(
      key: key, acting: acting, responseType: Array(responseType.utf8),
      clientId: Array(clientId.utf8), redirectUri: Array(redirectUri.utf8),
      scope: Array(scope.utf8), state: Array(state.utf8),
      codeChallenge: Array(codeChallenge.utf8),
      codeChallengeMethod: Array(codeChallengeMethod.utf8), resource: Array(resource.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    responseType = try reader.text("responseType")
    clientId = try reader.text("clientId")
    redirectUri = try reader.text("redirectUri")
    scope = try reader.text("scope")
    state = try reader.text("state")
    codeChallenge = try reader.text("codeChallenge")
    codeChallengeMethod = try reader.text("codeChallengeMethod")
    resource = try reader.text("resource")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(responseType, "responseType")
    writer.text(clientId, "clientId")
    writer.text(redirectUri, "redirectUri")
    writer.text(scope, "scope")
    writer.text(state, "state")
    writer.text(codeChallenge, "codeChallenge")
    writer.text(codeChallengeMethod, "codeChallengeMethod")
    writer.text(resource, "resource")
  }
}

/// What the front does next. Fields that the result does not use are zero or empty.
public struct AuthorizeReply: LaneReply {
  /// The meanings of `result`. The field is raw, so a number of a later version can be read.
  public enum Outcome: UInt8, Sendable {
    /// Send the browser to `redirect`.
    case redirect = 1
    /// Ask the person, then send `ticket` with ALLOW or DENY.
    case consentNeeded = 2
    /// Show `message`; there is no URI it would be safe to redirect to.
    case errorPage = 3
  }

  public var position: UInt64
  /// `Outcome`, raw.
  public var result: UInt8
  public var redirect: [UInt8]
  /// Opaque, at most 4,096 bytes.
  public var ticket: [UInt8]
  public var app: AppInfo
  /// Host of the redirect URI, for the page.
  public var callbackHost: [UInt8]
  /// All scopes asked for.
  public var scopes: [UInt8]
  /// Those not consented to before.
  public var newScopes: [UInt8]
  /// Unix milliseconds.
  public var ticketExpiresAt: UInt64
  /// `Status` of an error page, raw.
  public var error: UInt16
  /// One sentence for the person.
  public var message: [UInt8]

  public init(
    position: UInt64, result: UInt8, redirect: [UInt8], ticket: [UInt8], app: AppInfo,
    callbackHost: [UInt8], scopes: [UInt8], newScopes: [UInt8], ticketExpiresAt: UInt64,
    error: UInt16, message: [UInt8]
  ) {
    self.position = position
    self.result = result
    self.redirect = redirect
    self.ticket = ticket
    self.app = app
    self.callbackHost = callbackHost
    self.scopes = scopes
    self.newScopes = newScopes
    self.ticketExpiresAt = ticketExpiresAt
    self.error = error
    self.message = message
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    result = try reader.u8("result")
    redirect = try reader.text("redirect")
    ticket = try reader.bytes("ticket")
    app = try reader.group(AppInfo.self, "app")
    callbackHost = try reader.text("callbackHost")
    scopes = try reader.text("scopes")
    newScopes = try reader.text("newScopes")
    ticketExpiresAt = try reader.u64("ticketExpiresAt")
    error = try reader.u16("error")
    message = try reader.text("message")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u8(result)
    writer.text(redirect, "redirect")
    writer.bytes(ticket, "ticket")
    writer.group(app, "app")
    writer.text(callbackHost, "callbackHost")
    writer.text(scopes, "scopes")
    writer.text(newScopes, "newScopes")
    writer.u64(ticketExpiresAt)
    writer.u16(error)
    writer.text(message, "message")
  }
}
