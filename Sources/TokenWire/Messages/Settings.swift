/// SETTINGS_GET (0x0070).
public struct SettingsGetRequest: RequestMessage {
  public typealias Reply = SettingsReply
  public static var opcode: Opcode { .settingsGet }

  public var acting: Acting

  public init(acting: Acting) {
    self.acting = acting
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
  }
}

/// SETTINGS_SET (0x0071): all or nothing.
public struct SettingsSetRequest: MutationMessage {
  public typealias Reply = SettingsReply
  public static var opcode: Opcode { .settingsSet }

  public var key: Bytes16
  public var acting: Acting
  public var settings: [SettingEntry]

  public init(key: Bytes16 = .zero, acting: Acting, settings: [SettingEntry]) {
    self.key = key
    self.acting = acting
    self.settings = settings
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    acting = try reader.group(Acting.self, "acting")
    settings = try reader.list(SettingEntry.self, "settings", max: WireLimits.settings)
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.group(acting, "acting")
    writer.list(settings, "settings")
  }
}

/// Every setting with its value.
public struct SettingsReply: LaneReply {
  public var position: UInt64
  public var settings: [SettingEntry]

  public init(position: UInt64, settings: [SettingEntry]) {
    self.position = position
    self.settings = settings
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    // A later service may have more than this one takes at once.
    settings = try reader.list(SettingEntry.self, "settings")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.list(settings, "settings")
  }
}
