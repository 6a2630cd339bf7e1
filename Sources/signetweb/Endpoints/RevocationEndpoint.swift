internal import TokenWire

/// `POST /oauth/revoke` (RFC 7009). The same answer for a token that nobody knows; a hint is not
/// needed, since a token says by its prefix what it is.
enum RevocationEndpoint {
  static func respond(_ request: WebRequest, _ worker: inout WebWorker) -> WebResponse {
    do throws(OAuthFault) {
      let client = try ClientRequest(request)
      let revoke = ClientRevokeRequest(
        client: client.client, token: try client.required("token"))
      _ = try worker.answer(revoke, client)
      var response = WebResponse(status: 200)
      response.set("Content-Type", "text/plain; charset=utf-8")
      response.set("Cache-Control", "no-store")
      response.set("Pragma", "no-cache")
      return response
    } catch {
      return error.response
    }
  }
}
