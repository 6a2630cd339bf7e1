/// A setting (group `Setting`).
public struct SettingEntry: WireFields {
  public var name: [UInt8]
  public var value: [UInt8]

  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// The same from strings.
  public init(name: String, value: String) {
    self.init(
      name: Array(name.utf8), value: Array(value.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    name = try reader.text("name")
    value = try reader.text("value")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(name, "name")
    writer.text(value, "value")
  }
}

/// A token signing key (group `Key`).
public struct KeyEntry: WireFields {
  /// The meanings of `state`. The field is raw, so a number of a later version can be read.
  public enum State: UInt8, Sendable {
    /// Signs new tokens.
    case primary = 1
    /// Verifies tokens that it signed earlier.
    case verifyOnly = 2
    /// Its tokens are dead.
    case retired = 3
  }

  public var keyId: UInt8
  /// `State`, raw.
  public var state: UInt8
  /// Unix milliseconds.
  public var createdAt: UInt64
  /// Tokens that would die with it.
  public var liveTokens: UInt64

  public init(keyId: UInt8, state: UInt8, createdAt: UInt64, liveTokens: UInt64) {
    self.keyId = keyId
    self.state = state
    self.createdAt = createdAt
    self.liveTokens = liveTokens
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    keyId = try reader.u8("keyId")
    state = try reader.u8("state")
    createdAt = try reader.u64("createdAt")
    liveTokens = try reader.u64("liveTokens")
  }

  public func write(to writer: inout WireWriter) {
    writer.u8(keyId)
    writer.u8(state)
    writer.u64(createdAt)
    writer.u64(liveTokens)
  }
}

/// One line of STATUS (group `Fact`).
public struct FactEntry: WireFields {
  public var name: [UInt8]
  public var value: [UInt8]

  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    name = try reader.text("name")
    value = try reader.text("value")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(name, "name")
    writer.text(value, "value")
  }
}

/// One counter of STATS (group `Stat`).
public struct StatEntry: WireFields {
  public var name: [UInt8]
  public var value: UInt64

  public init(name: [UInt8], value: UInt64) {
    self.name = name
    self.value = value
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    name = try reader.text("name")
    value = try reader.u64("value")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(name, "name")
    writer.u64(value)
  }
}

/// One audit record (group `AuditRecord`).
public struct AuditEntry: WireFields {
  public var position: UInt64
  /// Unix milliseconds.
  public var at: UInt64
  public var event: [UInt8]
  public var actor: [UInt8]
  public var user: [UInt8]
  public var clientId: [UInt8]
  public var peerUid: UInt32
  public var result: [UInt8]

  public init(
    position: UInt64, at: UInt64, event: [UInt8], actor: [UInt8], user: [UInt8],
    clientId: [UInt8], peerUid: UInt32, result: [UInt8]
  ) {
    self.position = position
    self.at = at
    self.event = event
    self.actor = actor
    self.user = user
    self.clientId = clientId
    self.peerUid = peerUid
    self.result = result
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    at = try reader.u64("at")
    event = try reader.text("event")
    actor = try reader.text("actor")
    user = try reader.text("user")
    clientId = try reader.text("clientId")
    peerUid = try reader.u32("peerUid")
    result = try reader.text("result")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(at)
    writer.text(event, "event")
    writer.text(actor, "actor")
    writer.text(user, "user")
    writer.text(clientId, "clientId")
    writer.u32(peerUid)
    writer.text(result, "result")
  }
}
