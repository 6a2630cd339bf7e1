internal import TokenWire

/// A verdict in words: which check decided, and what a gateway answers (RFC 6750 section 3.1).
struct VerdictExplanation {
  let check: String
  let explanation: String
  let httpStatus: Int
  /// The headers of the answer; empty where there are none.
  let answer: String

  init(_ token: [UInt8], _ code: UInt8, scope: String, audience: String) {
    guard let verdict = Verdict(rawValue: code) else {
      (check, explanation) = ("later", "a verdict of a later version")
      (httpStatus, answer) = (401, "WWW-Authenticate: Bearer error=\"invalid_token\"")
      return
    }
    (check, explanation) = Self.words(verdict, token, scope, audience)
    httpStatus = verdict.httpStatus
    answer = Self.answer(verdict, scope)
  }

  var fields: [Field] {
    [
      Field("check", .text(check)), Field("explanation", .text(explanation)),
      Field("httpStatus", .number(UInt64(httpStatus))),
      Field("answerHeaders", .text(answer)),
    ]
  }

  /// The same for people, in two lines.
  func lines(_ number: Int, _ verdict: String) -> [String] {
    let headers = answer.isEmpty ? "" : " with \(answer)"
    return [
      "\(number). \(verdict), decided by \(check): \(explanation)",
      httpStatus == 200
        ? "   A gateway lets the request pass."
        : "   A gateway answers \(httpStatus)\(headers)",
    ]
  }

  private static func answer(_ verdict: Verdict, _ scope: String) -> String {
    if verdict == .valid { return "" }
    if verdict.wantsRetryAfter { return "Retry-After" }
    var header = "WWW-Authenticate: Bearer"
    if let error = verdict.oauthError { header += " error=\"\(error)\"" }
    if verdict == .insufficientScope { header += ", scope=\"\(scope)\"" }
    return header
  }

  private static func words(
    _ verdict: Verdict, _ token: [UInt8], _ scope: String, _ audience: String
  ) -> (check: String, explanation: String) {
    switch verdict {
    case .valid: ("all", "passed form, signature, record, expiry, revocation, audience and scope")
    case .missing: ("presence", "no token was shown")
    case .malformed: malformed(token)
    case .forged:
      ("signature", "well formed, but\(keyName(token)) of this service did not sign it")
    case .expired: ("expiry", "its time is over")
    case .revoked:
      ("revocation", "it, its grant, its user, its app or its key was revoked or disabled")
    case .unknown:
      ("record", "signed here and no longer on record: it expired or was revoked")
    case .wrongAudience:
      (
        "audience",
        audience.isEmpty
          ? "it is for an audience, and the request names none (--audience, --any-audience)"
          : "it is not for \(audience)"
      )
    case .insufficientScope: ("scope", "it lacks a scope of '\(scope)'")
    case .providerOff:
      ("provider", "the provider is switched off (settings set provider-enabled=true)")
    }
  }

  private static func keyName(_ token: [UInt8]) -> String {
    if case .success(let parsed) = parse(token) { return " key \(parsed.keyID)" }
    return ""
  }

  private static func malformed(_ token: [UInt8]) -> (check: String, explanation: String) {
    switch parse(token) {
    case .success(let parsed):
      let kind =
        switch parsed.kind {
        case .refreshToken: "a refresh token"
        case .authorizationCode: "an authorization code"
        default: "no access token"
        }
      return ("prefix", "it is \(kind); only access tokens are validated")
    case .failure(.length):
      let expected = TokenKind.signedTextLength
      return ("length", "it has \(token.count) bytes, an access token has \(expected)")
    case .failure(.prefix): return ("prefix", "it does not begin with sga_")
    case .failure(.alphabet):
      return ("alphabet", "it has a character besides letters, digits and the first underscore")
    case .failure(.range): return ("range", "a group of digits writes too large a number")
    case .failure(.checksum):
      return ("checksum", "its last six characters do not fit the rest: mistyped or cut")
    case .failure(.version): return ("version", "it is of a version that this tool does not know")
    }
  }

  private static func parse(_ token: [UInt8]) -> Result<ParsedToken, TokenTextFault> {
    // The buffer is used inside the closure only.
    unsafe token.withUnsafeBytes { bytes in
      do throws(TokenTextFault) {
        return .success(try unsafe TokenText.parse(bytes))
      } catch {
        return .failure(error)
      }
    }
  }
}
