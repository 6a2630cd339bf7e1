/// APP_UPDATE (0x0044): replaces what a person may say about an app.
public struct AppUpdateRequest: MutationMessage {
  public typealias Reply = AppUpdateReply
  public static var opcode: Opcode { .appUpdate }

  public var key: Bytes16
  public var acting: Acting
  public var clientId: [UInt8]
  /// Revision that the change was made on; 0 means any.
  public var revision: UInt32
  /// `isPublic` has to be what it was.
  public var fields: AppFields

  public init(
    key: Bytes16 = .zero, acting: Acting, clientId: [UInt8], revision: UInt32, fields: AppFields
  ) {
    self.key = key
    self.acting = acting
    self.clientId = clientId
    self.revision = revision
    self.fields = fields
  }

  /// The same from strings.
  public init(
    key: Bytes16 = .zero, acting: Acting, clientId: String, revision: UInt32, fields: AppFields
  ) {
    self.init(
      key: key, acting: acting, clientId: Array(clientId.utf8), revision: revision,
      fields: fields)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    clientId = try reader.text("clientId")
    revision = try reader.u32("revision")
    fields = try reader.group(AppFields.self, "fields")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(clientId, "clientId")
    writer.u32(revision)
    writer.group(fields, "fields")
  }
}

/// The app after the update.
public struct AppUpdateReply: LaneReply {
  /// `notes` bits: the trusted flag was ignored, the grants were kept, trust was removed.
  public static let trustIgnored: UInt16 = 1
  public static let grantsKept: UInt16 = 2
  public static let trustRemoved: UInt16 = 4

  public var position: UInt64
  public var app: AppEntry
  public var notes: UInt16

  public init(position: UInt64, app: AppEntry, notes: UInt16) {
    self.position = position
    self.app = app
    self.notes = notes
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    app = try reader.group(AppEntry.self, "app")
    notes = try reader.u16("notes")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.group(app, "app")
    writer.u16(notes)
  }
}

/// APP_DELETE (0x0045): the app, its grants and its tokens.
public struct AppDeleteRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .appDelete }

  public var key: Bytes16
  public var acting: Acting
  public var clientId: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, clientId: [UInt8]) {
    self.key = key
    self.acting = acting
    self.clientId = clientId
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, acting: Acting, clientId: String) {
    self.init(
      key: key, acting: acting, clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(clientId, "clientId")
  }
}

/// APP_REGENERATE_SECRET (0x0046): the old secret ends, live tokens stay.
public struct AppRegenerateSecretRequest: MutationMessage {
  public typealias Reply = AppRegenerateSecretReply
  public static var opcode: Opcode { .appRegenerateSecret }

  public var key: Bytes16
  public var acting: Acting
  public var clientId: [UInt8]

  public init(key: Bytes16 = .zero, acting: Acting, clientId: [UInt8]) {
    self.key = key
    self.acting = acting
    self.clientId = clientId
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, acting: Acting, clientId: String) {
    self.init(
      key: key, acting: acting, clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.text(clientId, "clientId")
  }
}

/// The new secret, shown here and nowhere else.
public struct AppRegenerateSecretReply: LaneReply {
  public var position: UInt64
  public var clientSecret: [UInt8]

  public init(position: UInt64, clientSecret: [UInt8]) {
    self.position = position
    self.clientSecret = clientSecret
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    clientSecret = try reader.text("clientSecret")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(clientSecret, "clientSecret")
  }
}
