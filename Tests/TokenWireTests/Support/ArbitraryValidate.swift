@testable import TokenWire

extension ValidateRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ValidateRequest {
    ValidateRequest(
      form: random.bool() ? .verdict : .identity, flags: random.u8() & 1,
      atLeastPosition: random.u64(), requiredScopes: random.text(), audience: random.text(),
      tokens: random.list(1...6) { $0.bytes() })
  }
}

extension Identity: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> Identity {
    Identity(
      verdict: random.u8(), subjectKind: random.u8(), overrides: random.u8(),
      expiresAt: random.u64(), subject: random.text(), clientId: random.text(),
      scope: random.text(), audience: random.text())
  }
}

extension ValidateReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ValidateReply {
    if random.bool() {
      return .identities(random.list(1...6) { .arbitrary(&$0) })
    }
    return .verdicts(
      random.list(1...6) { VerdictElement(verdict: $0.u8(), expiresInSeconds: $0.u32()) })
  }
}

extension ErrorBody: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ErrorBody {
    ErrorBody(
      field: random.text(), message: random.text(), retryAfterMillis: random.u32(),
      oauthError: random.text())
  }
}
