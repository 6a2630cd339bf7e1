internal import TokenWire

/// A request of an OAuth client to the token, revocation or introspection endpoint, with the client
/// that it showed itself as (RFC 6749 section 2.3). The person that the web server may have named
/// plays no part.
struct ClientRequest: Sendable {
  let form: FieldList
  let client: ClientAuth

  /// Whether it came by HTTP Basic.
  var usedBasic: Bool { client.method == .basic }

  /// Judges everything that all three endpoints ask for alike.
  init(_ request: WebRequest) throws(OAuthFault) {
    guard request.method == .post else {
      throw OAuthFault(
        status: 405, error: "invalid_request", description: "this endpoint takes POST only")
    }
    guard let form = request.form else {
      throw .invalidRequest("the body must be application/x-www-form-urlencoded")
    }
    let id: [UInt8]
    let secret: [UInt8]
    do throws(FieldError) {
      try request.query.refuseAny(Self.neverInQuery)
      try form.refuseRepeated()
      try form.refuseNonText()
      id = try form.text("client_id")
      secret = try form.text("client_secret")
    } catch {
      throw OAuthFault(error)
    }
    self.form = form
    client = try Self.client(request.authorization, id, secret)
  }

  /// What would lie in logs and histories if it stood in a URL (RFC 6749 section 2.3.1).
  private static let neverInQuery: [StaticString] = [
    "access_token", "client_assertion", "client_id", "client_secret", "code", "code_verifier",
    "grant_type", "password", "refresh_token", "token",
  ]

  private static func client(
    _ authorization: [UInt8]?, _ id: [UInt8], _ secret: [UInt8]
  ) throws(OAuthFault) -> ClientAuth {
    guard let authorization else {
      if id.isEmpty {
        throw .invalidClient(
          "the client shows itself neither by HTTP Basic nor by client_id", asksForBasic: true)
      }
      return ClientAuth(
        clientId: id, clientSecret: secret, method: secret.isEmpty ? .none : .body)
    }
    guard case .basic(let encoded) = AuthorizationHeader(authorization) else {
      throw .invalidClient("clients show themselves by HTTP Basic", asksForBasic: true)
    }
    if !secret.isEmpty {
      throw .invalidRequest("the client shows itself twice, by HTTP Basic and by client_secret")
    }
    guard let (user, password) = AuthorizationHeader.basicCredentials(encoded),
      user.isUTF8, password.isUTF8
    else {
      throw .invalidClient("the Basic credentials cannot be decoded", asksForBasic: true)
    }
    if !id.isEmpty && id != user {
      throw .invalidRequest("client_id names another client than HTTP Basic")
    }
    return ClientAuth(clientId: user, clientSecret: password, method: .basic)
  }

  /// A field's value; empty when absent.
  func text(_ name: StaticString) throws(OAuthFault) -> [UInt8] {
    do throws(FieldError) { return try form.text(name) } catch { throw OAuthFault(error) }
  }

  /// The value of a field that must be there.
  func required(_ name: StaticString) throws(OAuthFault) -> [UInt8] {
    let value = try text(name)
    if value.isEmpty { throw .invalidRequest("\(name) is missing") }
    return value
  }
}
