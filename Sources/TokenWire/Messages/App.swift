/// An app as its owner and administrators see it (group `App`).
public struct AppEntry: WireFields {
  public var clientId: [UInt8]
  /// User id of who registered it; empty if nobody did in person.
  public var creator: [UInt8]
  public var name: [UInt8]
  public var description: [UInt8]
  public var homepage: [UInt8]
  public var iconUrl: [UInt8]
  public var callbacks: [[UInt8]]
  public var trusted: Bool
  public var isPublic: Bool
  public var dynamicallyRegistered: Bool
  /// `GrantTypes`, raw.
  public var grants: UInt16
  public var audiences: [[UInt8]]
  public var scopes: [UInt8]
  /// Counts changes, from 1.
  public var revision: UInt32
  /// Unix milliseconds.
  public var createdAt: UInt64
  /// Unix milliseconds.
  public var updatedAt: UInt64

  public init(
    clientId: [UInt8], creator: [UInt8], name: [UInt8], description: [UInt8], homepage: [UInt8],
    iconUrl: [UInt8], callbacks: [[UInt8]], trusted: Bool, isPublic: Bool,
    dynamicallyRegistered: Bool, grants: UInt16, audiences: [[UInt8]], scopes: [UInt8],
    revision: UInt32, createdAt: UInt64, updatedAt: UInt64
  ) {
    self.clientId = clientId
    self.creator = creator
    self.name = name
    self.description = description
    self.homepage = homepage
    self.iconUrl = iconUrl
    self.callbacks = callbacks
    self.trusted = trusted
    self.isPublic = isPublic
    self.dynamicallyRegistered = dynamicallyRegistered
    self.grants = grants
    self.audiences = audiences
    self.scopes = scopes
    self.revision = revision
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    clientId = try reader.text("clientId")
    creator = try reader.text("creator")
    name = try reader.text("name")
    description = try reader.text("description")
    homepage = try reader.text("homepage")
    iconUrl = try reader.text("iconUrl")
    callbacks = try reader.texts("callbacks")
    trusted = try reader.bool("trusted")
    isPublic = try reader.bool("isPublic")
    dynamicallyRegistered = try reader.bool("dynamicallyRegistered")
    grants = try reader.u16("grants")
    audiences = try reader.texts("audiences")
    scopes = try reader.text("scopes")
    revision = try reader.u32("revision")
    createdAt = try reader.u64("createdAt")
    updatedAt = try reader.u64("updatedAt")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(clientId, "clientId")
    writer.text(creator, "creator")
    writer.text(name, "name")
    writer.text(description, "description")
    writer.text(homepage, "homepage")
    writer.text(iconUrl, "iconUrl")
    writer.texts(callbacks, "callbacks")
    writer.bool(trusted)
    writer.bool(isPublic)
    writer.bool(dynamicallyRegistered)
    writer.u16(grants)
    writer.texts(audiences, "audiences")
    writer.text(scopes, "scopes")
    writer.u32(revision)
    writer.u64(createdAt)
    writer.u64(updatedAt)
  }
}

/// What anybody may know of an app: the consent page's content.
public struct AppInfo: WireFields {
  /// Every field empty, for replies that have no app to show.
  public static let empty = AppInfo(
    clientId: [], name: [], description: [], homepage: [], iconUrl: [], trusted: false,
    isPublic: false)

  public var clientId: [UInt8]
  public var name: [UInt8]
  public var description: [UInt8]
  public var homepage: [UInt8]
  public var iconUrl: [UInt8]
  public var trusted: Bool
  public var isPublic: Bool

  public init(
    clientId: [UInt8], name: [UInt8], description: [UInt8], homepage: [UInt8], iconUrl: [UInt8],
    trusted: Bool, isPublic: Bool
  ) {
    self.clientId = clientId
    self.name = name
    self.description = description
    self.homepage = homepage
    self.iconUrl = iconUrl
    self.trusted = trusted
    self.isPublic = isPublic
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    clientId = try reader.text("clientId")
    name = try reader.text("name")
    description = try reader.text("description")
    homepage = try reader.text("homepage")
    iconUrl = try reader.text("iconUrl")
    trusted = try reader.bool("trusted")
    isPublic = try reader.bool("isPublic")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(clientId, "clientId")
    writer.text(name, "name")
    writer.text(description, "description")
    writer.text(homepage, "homepage")
    writer.text(iconUrl, "iconUrl")
    writer.bool(trusted)
    writer.bool(isPublic)
  }
}
