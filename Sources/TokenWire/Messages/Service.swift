/// SNAPSHOT (0x0090): writes one; answered when it is on disk.
public struct SnapshotRequest: RequestMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .snapshot }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// BACKUP (0x0091): a copy under the configured backup directory.
public struct BackupRequest: RequestMessage {
  public typealias Reply = BackupReply
  public static var opcode: Opcode { .backup }

  /// One path component.
  public var name: [UInt8]

  public init(name: [UInt8]) {
    self.name = name
  }

  /// The same from strings.
  public init(name: String) {
    self.init(
      name: Array(name.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    name = try reader.text("name")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(name, "name")
  }
}

/// Where the backup lies.
public struct BackupReply: LaneReply {
  public var position: UInt64
  public var path: [UInt8]

  public init(position: UInt64, path: [UInt8]) {
    self.position = position
    self.path = path
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    path = try reader.text("path")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(path, "path")
  }
}

/// STATUS (0x0092).
public struct StatusRequest: RequestMessage {
  public typealias Reply = StatusReply
  public static var opcode: Opcode { .status }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// Facts about the running service.
public struct StatusReply: LaneReply {
  public var position: UInt64
  public var facts: [FactEntry]

  public init(position: UInt64, facts: [FactEntry]) {
    self.position = position
    self.facts = facts
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    facts = try reader.list(FactEntry.self, "facts")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.list(facts, "facts")
  }
}

/// STATS (0x0093).
public struct StatsRequest: RequestMessage {
  public typealias Reply = StatsReply
  public static var opcode: Opcode { .stats }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// Counters since the start.
public struct StatsReply: LaneReply {
  public var position: UInt64
  public var stats: [StatEntry]

  public init(position: UInt64, stats: [StatEntry]) {
    self.position = position
    self.stats = stats
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    stats = try reader.list(StatEntry.self, "stats")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.list(stats, "stats")
  }
}

/// AUDIT (0x0094): one page of the audit records kept.
public struct AuditRequest: RequestMessage {
  public typealias Reply = AuditReply
  public static var opcode: Opcode { .audit }

  /// 0, or `nextCursor` of the page before.
  public var cursor: UInt64
  /// Largest reply body wanted; 0 means 60,000.
  public var maxBytes: UInt32

  public init(cursor: UInt64, maxBytes: UInt32) {
    self.cursor = cursor
    self.maxBytes = maxBytes
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    cursor = try reader.u64("cursor")
    maxBytes = try reader.u32("maxBytes")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(cursor)
    writer.u32(maxBytes)
  }
}

/// One page of audit records, oldest first.
public struct AuditReply: LaneReply {
  public var position: UInt64
  /// 0 after the last page.
  public var nextCursor: UInt64
  public var records: [AuditEntry]

  public init(position: UInt64, nextCursor: UInt64, records: [AuditEntry]) {
    self.position = position
    self.nextCursor = nextCursor
    self.records = records
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    nextCursor = try reader.u64("nextCursor")
    records = try reader.list(AuditEntry.self, "records")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(nextCursor)
    writer.list(records, "records")
  }
}

/// METADATA (0x0095): what an authorization server metadata document needs (RFC 8414).
public struct MetadataRequest: RequestMessage {
  public typealias Reply = MetadataReply
  public static var opcode: Opcode { .metadata }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// What this service can do.
public struct MetadataReply: LaneReply {
  public var position: UInt64
  public var issuer: [UInt8]
  public var providerEnabled: Bool
  public var dynamicRegistration: Bool
  public var scopes: [UInt8]
  /// `GrantTypes`, raw.
  public var grants: UInt16
  public var challengeMethods: [UInt8]
  public var authMethods: [UInt8]

  public init(
    position: UInt64, issuer: [UInt8], providerEnabled: Bool, dynamicRegistration: Bool,
    scopes: [UInt8], grants: UInt16, challengeMethods: [UInt8], authMethods: [UInt8]
  ) {
    self.position = position
    self.issuer = issuer
    self.providerEnabled = providerEnabled
    self.dynamicRegistration = dynamicRegistration
    self.scopes = scopes
    self.grants = grants
    self.challengeMethods = challengeMethods
    self.authMethods = authMethods
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    issuer = try reader.text("issuer")
    providerEnabled = try reader.bool("providerEnabled")
    dynamicRegistration = try reader.bool("dynamicRegistration")
    scopes = try reader.text("scopes")
    grants = try reader.u16("grants")
    challengeMethods = try reader.text("challengeMethods")
    authMethods = try reader.text("authMethods")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.text(issuer, "issuer")
    writer.bool(providerEnabled)
    writer.bool(dynamicRegistration)
    writer.text(scopes, "scopes")
    writer.u16(grants)
    writer.text(challengeMethods, "challengeMethods")
    writer.text(authMethods, "authMethods")
  }
}
