/// The body of every reply whose status is not 0.
public struct ErrorBody: ReplyMessage {
  /// Name of the request field at fault, empty if none.
  public var field: [UInt8]
  /// One sentence for the person who has to act: what happened and what to do. Holds no secret.
  public var message: [UInt8]
  /// When to try again, 0 if the answer will not change by itself.
  public var retryAfterMillis: UInt32
  /// The `error` value of an OAuth answer, empty if the status has none.
  public var oauthError: [UInt8]

  /// Most bytes of `field` and `oauthError`, and of `message`, on the wire.
  static let nameBytes = 64
  static let messageBytes = 800

  public init(
    field: [UInt8] = [], message: [UInt8] = [], retryAfterMillis: UInt32 = 0,
    oauthError: [UInt8] = []
  ) {
    self.field = field
    self.message = message
    self.retryAfterMillis = retryAfterMillis
    self.oauthError = oauthError
  }

  /// The body for `status`, with the registry's OAuth error.
  public init(
    _ status: Status, field: String = "", message: String, retryAfterMillis: UInt32 = 0
  ) {
    self.init(
      field: Array(field.utf8), message: Array(message.utf8),
      retryAfterMillis: retryAfterMillis, oauthError: Array((status.oauthError ?? "").utf8))
  }

  /// The body of the last frame after `fault`.
  public init(_ fault: WireFault) {
    self.init(fault.status, field: fault.field, message: fault.message)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    field = try reader.text("field")
    message = try reader.text("message")
    retryAfterMillis = try reader.u32("retryAfterMillis")
    oauthError = try reader.text("oauthError")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(field, "field")
    writer.text(message, "message")
    writer.u32(retryAfterMillis)
    writer.text(oauthError, "oauthError")
  }

  /// The same body with texts that are too long cut between two scalars.
  func cut() -> ErrorBody {
    ErrorBody(
      field: ErrorBody.prefix(field, ErrorBody.nameBytes),
      message: ErrorBody.prefix(message, ErrorBody.messageBytes),
      retryAfterMillis: retryAfterMillis,
      oauthError: ErrorBody.prefix(oauthError, ErrorBody.nameBytes))
  }

  private static func prefix(_ text: [UInt8], _ most: Int) -> [UInt8] {
    guard text.count > most else { return text }
    var end = most
    // A continuation byte is 0b10......: step back to the start of its scalar.
    while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }
}
