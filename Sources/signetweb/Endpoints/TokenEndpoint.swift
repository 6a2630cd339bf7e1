internal import TokenWire

/// `POST /oauth/token`, and `/oauth/access_token` as Mattermost's clients call it (RFC 6749
/// section 3.2).
enum TokenEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    do throws(OAuthFault) {
      let client = try ClientRequest(request)
      return success(try tokens(client, &worker))
    } catch {
      return error.response
    }
  }

  private static func tokens(
    _ request: ClientRequest, _ worker: inout WebWorker
  ) throws(OAuthFault) -> TokenSet {
    let resource = try request.text("resource")
    switch try request.required("grant_type") {
    case "authorization_code":
      // The service would take an absent redirect URI for a wrong one, and burn the code.
      let exchange = ExchangeRequest(
        client: request.client, code: try request.required("code"),
        redirectUri: try request.required("redirect_uri"),
        codeVerifier: try request.text("code_verifier"), resource: resource)
      return try worker.answer(exchange, request).tokens
    case "refresh_token":
      let refresh = RefreshRequest(
        client: request.client, refreshToken: try request.required("refresh_token"),
        scope: try request.text("scope"), resource: resource)
      return try worker.answer(refresh, request).tokens
    case "client_credentials":
      let credentials = ClientCredentialsRequest(
        client: request.client, scope: try request.text("scope"), resource: resource)
      return try worker.answer(credentials, request).tokens
    default:
      throw OAuthFault(
        status: 400, error: "unsupported_grant_type",
        description: "grant_type is none of authorization_code, refresh_token, client_credentials")
    }
  }

  /// RFC 6749 section 5.1.
  private static func success(_ tokens: TokenSet) -> WebResponse {
    var json = JSONWriter()
    json.add("access_token", tokens.accessToken)
    json.add("token_type", "bearer")
    json.add("expires_in", UInt64(tokens.expiresInSeconds))
    if !tokens.refreshToken.isEmpty { json.add("refresh_token", tokens.refreshToken) }
    json.add("scope", tokens.scope)
    return .json(200, json)
  }
}

extension WebWorker {
  /// Asks the service in a client's name, a change.
  mutating func answer<R: MutationMessage>(
    _ message: R, _ request: ClientRequest
  ) throws(OAuthFault) -> R.Reply {
    do throws(ServiceFault) {
      return try service.call(message)
    } catch {
      throw OAuthFault(error, usedBasic: request.usedBasic)
    }
  }

  /// Asks the service in a client's name, a question.
  mutating func answer<R: RequestMessage>(
    _ message: R, _ request: ClientRequest
  ) throws(OAuthFault) -> R.Reply {
    do throws(ServiceFault) {
      return try service.call(message)
    } catch {
      throw OAuthFault(error, usedBasic: request.usedBasic)
    }
  }
}
