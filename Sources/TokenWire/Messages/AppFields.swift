/// What a person may say about an app when registering or updating it.
public struct AppFields: WireFields {
  public var name: [UInt8]
  public var description: [UInt8]
  public var homepage: [UInt8]
  public var iconUrl: [UInt8]
  /// Redirect URIs, 1...16.
  public var callbacks: [[UInt8]]
  /// Only a system administrator's word counts; the reply's `notes` say so otherwise.
  public var trusted: Bool
  /// The app cannot keep a secret (RFC 6749 section 2.1).
  public var isPublic: Bool
  /// `GrantTypes`, raw; 0 means the default.
  public var grants: UInt16
  /// Audiences this app is the resource server of.
  public var audiences: [[UInt8]]
  /// Scopes that may be asked for; empty: any, for persons.
  public var scopes: [UInt8]

  public init(
    name: [UInt8], description: [UInt8], homepage: [UInt8], iconUrl: [UInt8],
    callbacks: [[UInt8]], trusted: Bool, isPublic: Bool, grants: UInt16, audiences: [[UInt8]],
    scopes: [UInt8]
  ) {
    self.name = name
    self.description = description
    self.homepage = homepage
    self.iconUrl = iconUrl
    self.callbacks = callbacks
    self.trusted = trusted
    self.isPublic = isPublic
    self.grants = grants
    self.audiences = audiences
    self.scopes = scopes
  }

  /// The same from strings.
  public init(
    name: String, description: String, homepage: String, iconUrl: String, callbacks: [String],
    trusted: Bool, isPublic: Bool, grants: UInt16, audiences: [String], scopes: String
  ) {
    self.init(
      name: Array(name.utf8), description: Array(description.utf8),
      homepage: Array(homepage.utf8), iconUrl: Array(iconUrl.utf8),
      callbacks: callbacks.map { Array($0.utf8) }, trusted: trusted, isPublic: isPublic,
      grants: grants, audiences: audiences.map { Array($0.utf8) }, scopes: Array(scopes.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    name = try reader.text("name")
    description = try reader.text("description")
    homepage = try reader.text("homepage")
    iconUrl = try reader.text("iconUrl")
    callbacks = try reader.texts("callbacks", max: WireLimits.callbacksStructural)
    trusted = try reader.bool("trusted")
    isPublic = try reader.bool("isPublic")
    grants = try reader.u16("grants")
    audiences = try reader.texts("audiences", max: WireLimits.audiencesStructural)
    scopes = try reader.text("scopes")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(name, "name")
    writer.text(description, "description")
    writer.text(homepage, "homepage")
    writer.text(iconUrl, "iconUrl")
    writer.texts(callbacks, "callbacks")
    writer.bool(trusted)
    writer.bool(isPublic)
    writer.u16(grants)
    writer.texts(audiences, "audiences")
    writer.text(scopes, "scopes")
  }
}
