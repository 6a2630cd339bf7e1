/// APP_REGISTER (0x0040).
public struct AppRegisterRequest: MutationMessage {
  public typealias Reply = AppRegisterReply
  public static var opcode: Opcode { .appRegister }

  public var key: Bytes16
  public var acting: Acting
  public var fields: AppFields

  public init(key: Bytes16 = .zero, acting: Acting, fields: AppFields) {
    self.key = key
    self.acting = acting
    self.fields = fields
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    fields = try reader.group(AppFields.self, "fields")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.group(fields, "fields")
  }
}

/// The new app. The secret is shown here and nowhere else.
public struct AppRegisterReply: LaneReply {
  /// `notes` bits: the trusted flag was ignored, the grants were limited.
  public static let trustIgnored: UInt16 = 1
  public static let grantsLimited: UInt16 = 2

  public var position: UInt64
  public var clientId: [UInt8]
  /// Empty for a public client.
  public var clientSecret: [UInt8]
  public var callbacks: [[UInt8]]
  public var notes: UInt16

  public init(
    position: UInt64, clientId: [UInt8], clientSecret: [UInt8], callbacks: [[UInt8]],
    notes: UInt16
  ) {
    self.position = position
    self.clientId = clientId
    self.clientSecret = clientSecret
    self.callbacks = callbacks
    self.notes = notes
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    clientId = try reader.text("clientId")
    clientSecret = try reader.text("clientSecret")
    callbacks = try reader.texts("callbacks")
    notes = try reader.u16("notes")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(clientId, "clientId")
    writer.text(clientSecret, "clientSecret")
    writer.texts(callbacks, "callbacks")
    writer.u16(notes)
  }
}

/// APP_REGISTER_DYNAMIC (0x0047): RFC 7591, when the setting allows it.
public struct AppRegisterDynamicRequest: MutationMessage {
  public typealias Reply = AppRegisterDynamicReply
  public static var opcode: Opcode { .appRegisterDynamic }

  public var key: Bytes16
  public var redirectUris: [[UInt8]]
  /// `token_endpoint_auth_method`; empty means client_secret_basic.
  public var authMethod: [UInt8]
  public var clientName: [UInt8]
  public var clientUri: [UInt8]
  public var scope: [UInt8]

  public init(
    key: Bytes16 = .zero, redirectUris: [[UInt8]], authMethod: [UInt8], clientName: [UInt8],
    clientUri: [UInt8], scope: [UInt8]
  ) {
    self.key = key
    self.redirectUris = redirectUris
    self.authMethod = authMethod
    self.clientName = clientName
    self.clientUri = clientUri
    self.scope = scope
  }

  /// The same from strings.
  public init(
    key: Bytes16 = .zero, redirectUris: [String], authMethod: String, clientName: String,
    clientUri: String, scope: String
  ) {
    self.init(
      key: key, redirectUris: redirectUris.map { Array($0.utf8) },
      authMethod: Array(authMethod.utf8), clientName: Array(clientName.utf8),
      clientUri: Array(clientUri.utf8), scope: Array(scope.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    redirectUris = try reader.texts("redirectUris", max: WireLimits.callbacksStructural)
    authMethod = try reader.text("authMethod")
    clientName = try reader.text("clientName")
    clientUri = try reader.text("clientUri")
    scope = try reader.text("scope")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.texts(redirectUris, "redirectUris")
    writer.text(authMethod, "authMethod")
    writer.text(clientName, "clientName")
    writer.text(clientUri, "clientUri")
    writer.text(scope, "scope")
  }
}

/// The registration as it was accepted (RFC 7591 section 3.2.1).
public struct AppRegisterDynamicReply: LaneReply {
  public var position: UInt64
  public var clientId: [UInt8]
  /// Empty for a public client.
  public var clientSecret: [UInt8]
  public var clientName: [UInt8]
  public var clientUri: [UInt8]
  public var redirectUris: [[UInt8]]
  public var authMethod: [UInt8]
  /// `GrantTypes`, raw.
  public var grants: UInt16
  public var scope: [UInt8]
  /// Unix milliseconds.
  public var issuedAt: UInt64

  public init(
    position: UInt64, clientId: [UInt8], clientSecret: [UInt8], clientName: [UInt8],
    clientUri: [UInt8], redirectUris: [[UInt8]], authMethod: [UInt8], grants: UInt16,
    scope: [UInt8], issuedAt: UInt64
  ) {
    self.position = position
    self.clientId = clientId
    self.clientSecret = clientSecret
    self.clientName = clientName
    self.clientUri = clientUri
    self.redirectUris = redirectUris
    self.authMethod = authMethod
    self.grants = grants
    self.scope = scope
    self.issuedAt = issuedAt
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    clientId = try reader.text("clientId")
    clientSecret = try reader.text("clientSecret")
    clientName = try reader.text("clientName")
    clientUri = try reader.text("clientUri")
    redirectUris = try reader.texts("redirectUris")
    authMethod = try reader.text("authMethod")
    grants = try reader.u16("grants")
    scope = try reader.text("scope")
    issuedAt = try reader.u64("issuedAt")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(clientId, "clientId")
    writer.text(clientSecret, "clientSecret")
    writer.text(clientName, "clientName")
    writer.text(clientUri, "clientUri")
    writer.texts(redirectUris, "redirectUris")
    writer.text(authMethod, "authMethod")
    writer.u16(grants)
    writer.text(scope, "scope")
    writer.u64(issuedAt)
  }
}
