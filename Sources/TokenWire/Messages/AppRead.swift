/// APP_GET (0x0041): an app with all its fields, for its owner and administrators.
public struct AppGetRequest: RequestMessage {
  public typealias Reply = AppReply
  public static var opcode: Opcode { .appGet }

  public var acting: Acting
  public var clientId: [UInt8]

  public init(acting: Acting, clientId: [UInt8]) {
    self.acting = acting
    self.clientId = clientId
  }

  /// The same from strings.
  public init(acting: Acting, clientId: String) {
    self.init(
      acting: acting, clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.text(clientId, "clientId")
  }
}

/// An app.
public struct AppReply: LaneReply {
  public var position: UInt64
  public var app: AppEntry

  public init(position: UInt64, app: AppEntry) {
    self.position = position
    self.app = app
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    app = try reader.group(AppEntry.self, "app")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.group(app, "app")
  }
}

/// APP_INFO (0x0042): what anybody may know of an app.
public struct AppInfoRequest: RequestMessage {
  public typealias Reply = AppInfoReply
  public static var opcode: Opcode { .appInfo }

  public var acting: Acting
  public var clientId: [UInt8]

  public init(acting: Acting, clientId: [UInt8]) {
    self.acting = acting
    self.clientId = clientId
  }

  /// The same from strings.
  public init(acting: Acting, clientId: String) {
    self.init(
      acting: acting, clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.text(clientId, "clientId")
  }
}

/// The public part of an app.
public struct AppInfoReply: LaneReply {
  public var position: UInt64
  public var app: AppInfo

  public init(position: UInt64, app: AppInfo) {
    self.position = position
    self.app = app
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    app = try reader.group(AppInfo.self, "app")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.group(app, "app")
  }
}

/// APP_LIST (0x0043): one page of apps.
public struct AppListRequest: RequestMessage {
  public typealias Reply = AppListReply
  public static var opcode: Opcode { .appList }

  public var acting: Acting
  /// Everybody's apps; for system administrators.
  public var all: Bool
  /// 0, or `nextCursor` of the page before.
  public var cursor: UInt64
  /// Largest reply body wanted; 0 means 60,000.
  public var maxBytes: UInt32

  public init(acting: Acting, all: Bool, cursor: UInt64, maxBytes: UInt32) {
    self.acting = acting
    self.all = all
    self.cursor = cursor
    self.maxBytes = maxBytes
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    acting = try reader.group(Acting.self, "acting")
    all = try reader.bool("all")
    cursor = try reader.u64("cursor")
    maxBytes = try reader.u32("maxBytes")
  }

  public func write(to writer: inout WireWriter) {
    writer.group(acting, "acting")
    writer.bool(all)
    writer.u64(cursor)
    writer.u32(maxBytes)
  }
}

/// One page of apps.
public struct AppListReply: LaneReply {
  public var position: UInt64
  /// 0 after the last page.
  public var nextCursor: UInt64
  public var apps: [AppEntry]

  public init(position: UInt64, nextCursor: UInt64, apps: [AppEntry]) {
    self.position = position
    self.nextCursor = nextCursor
    self.apps = apps
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    nextCursor = try reader.u64("nextCursor")
    apps = try reader.list(AppEntry.self, "apps")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(nextCursor)
    writer.list(apps, "apps")
  }
}
