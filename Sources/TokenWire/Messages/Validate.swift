/// VALIDATE (0x0010): says for each access token whether it may pass. Answered by the worker that
/// read it, without lock or journal. The server reads it through `ValidateRequestView`.
public struct ValidateRequest: RequestMessage {
  public typealias Reply = ValidateReply
  public static var opcode: Opcode { .validate }

  /// What the reply holds for each token.
  public enum Form: UInt8, Sendable {
    /// Eight fixed bytes: verdict and remaining seconds.
    case verdict = 0
    /// Verdict, subject, client, scope, audience, expiry, override switches.
    case identity = 1
  }

  /// Flag bit: a token with an audience passes although the request names none.
  public static let anyAudience: UInt8 = 1

  public var form: Form
  /// `anyAudience` or 0.
  public var flags: UInt8
  /// The server answers NOT_CAUGHT_UP unless it has released this position; 0 asks for nothing.
  public var atLeastPosition: UInt64
  /// Scope tokens, space separated, that every token needs; empty asks for none.
  public var requiredScopes: [UInt8]
  /// The audience (RFC 8707 resource) that the caller is, empty if none.
  public var audience: [UInt8]
  /// 1...512 token texts; an empty one is answered MISSING.
  public var tokens: [[UInt8]]

  public init(
    form: Form, flags: UInt8 = 0, atLeastPosition: UInt64 = 0, requiredScopes: [UInt8] = [],
    audience: [UInt8] = [], tokens: [[UInt8]]
  ) {
    self.form = form
    self.flags = flags
    self.atLeastPosition = atLeastPosition
    self.requiredScopes = requiredScopes
    self.audience = audience
    self.tokens = tokens
  }

  /// The same from strings.
  public init(
    form: Form, flags: UInt8 = 0, atLeastPosition: UInt64 = 0, requiredScopes: String = "",
    audience: String = "", tokens: [String]
  ) {
    self.init(
      form: form, flags: flags, atLeastPosition: atLeastPosition,
      requiredScopes: Array(requiredScopes.utf8), audience: Array(audience.utf8),
      tokens: tokens.map { Array($0.utf8) })
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    form = try reader.enumeration(Form.self, "form")
    flags = try reader.validateFlags()
    atLeastPosition = try reader.u64("atLeastPosition")
    requiredScopes = try reader.text("requiredScopes")
    audience = try reader.text("audience")
    tokens = try reader.byteStrings("tokens", min: 1, max: WireLimits.validateTokens)
  }

  public func write(to writer: inout WireWriter) {
    writer.u8(form.rawValue)
    writer.u8(flags)
    writer.u64(atLeastPosition)
    writer.text(requiredScopes, "requiredScopes")
    writer.text(audience, "audience")
    writer.texts(tokens, "tokens")
  }
}

extension WireReader {
  /// The flags of a VALIDATE: bits outside this version are refused.
  mutating func validateFlags() throws(WireFault) -> UInt8 {
    let flags = try u8("flags")
    guard flags & ~ValidateRequest.anyAudience == 0 else {
      throw WireFault(.invalidValue, "flags")
    }
    return flags
  }
}
