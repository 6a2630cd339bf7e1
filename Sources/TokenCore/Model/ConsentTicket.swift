/// What AUTHORIZE asked a person and what ALLOW or DENY will answer to. It travels through the web
/// front sealed with a MAC, so it is not stored; it binds the answer to the user who was asked,
/// the application as it was then, and every parameter of the request.
public struct ConsentTicket: Equatable, Sendable {
  public var id: TokenID
  public var expiresAtMillis: UInt64
  public var appRevision: UInt32
  public var user: [UInt8]
  public var clientID: [UInt8]
  /// `code` or `token` (RFC 6749 3.1.1).
  public var responseType: [UInt8]
  public var redirectURI: [UInt8]
  public var scope: [UInt8]
  public var state: [UInt8]
  public var codeChallenge: [UInt8]
  public var resource: [UInt8]

  public init(
    id: TokenID, expiresAtMillis: UInt64, appRevision: UInt32, user: [UInt8], clientID: [UInt8],
    responseType: [UInt8], redirectURI: [UInt8], scope: [UInt8], state: [UInt8],
    codeChallenge: [UInt8], resource: [UInt8]
  ) {
    self.id = id
    self.expiresAtMillis = expiresAtMillis
    self.appRevision = appRevision
    self.user = user
    self.clientID = clientID
    self.responseType = responseType
    self.redirectURI = redirectURI
    self.scope = scope
    self.state = state
    self.codeChallenge = codeChallenge
    self.resource = resource
  }

  /// The bytes that are sealed. Unambiguous: fixed fields, then length-prefixed texts.
  public func encoded() -> [UInt8] {
    var writer = FieldWriter(byteCount: 0)
    writer.id(id)
    writer.u64(expiresAtMillis)
    writer.u32(appRevision)
    for text in [
      user, clientID, responseType, redirectURI, scope, state, codeChallenge, resource,
    ] {
      writer.text(text)
    }
    return writer.bytes
  }

  /// Reads what `encoded()` wrote; nil where the bytes are anything else.
  public init?(encoded bytes: [UInt8]) {
    var reader = FieldReader(bytes)
    let id = reader.id()
    let expiresAtMillis = reader.u64()
    let appRevision = reader.u32()
    var texts: [[UInt8]] = []
    for _ in 0..<8 { texts.append(reader.text()) }
    guard !reader.isShort, reader.isAtEnd else { return nil }
    self.init(
      id: id, expiresAtMillis: expiresAtMillis, appRevision: appRevision, user: texts[0],
      clientID: texts[1], responseType: texts[2], redirectURI: texts[3], scope: texts[4],
      state: texts[5], codeChallenge: texts[6], resource: texts[7])
  }
}
