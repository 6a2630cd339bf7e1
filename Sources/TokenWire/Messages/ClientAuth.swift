/// How a client identified itself at the front's token endpoint (RFC 6749 section 2.3).
public struct ClientAuth: WireFields {
  /// Where the secret stood; information only, not judged. Other numbers are MALFORMED.
  public enum Method: UInt8, Sendable, CaseIterable {
    /// No secret was shown: a public client.
    case none = 0
    /// HTTP Basic authentication.
    case basic = 1
    /// `client_id` and `client_secret` in the request body.
    case body = 2
  }

  public var clientId: [UInt8]
  /// Empty if none was shown.
  public var clientSecret: [UInt8]
  public var method: Method

  public init(clientId: [UInt8], clientSecret: [UInt8], method: Method) {
    self.clientId = clientId
    self.clientSecret = clientSecret
    self.method = method
  }

  /// The same from strings.
  public init(clientId: String, clientSecret: String, method: Method) {
    self.init(
      clientId: Array(clientId.utf8), clientSecret: Array(clientSecret.utf8), method: method)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    clientId = try reader.text("clientId")
    clientSecret = try reader.text("clientSecret")
    method = try reader.enumeration(Method.self, "method")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(clientId, "clientId")
    writer.text(clientSecret, "clientSecret")
    writer.u8(method.rawValue)
  }
}
