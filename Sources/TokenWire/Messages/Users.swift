/// USER_DISABLE (0x0060): the person's tokens die and no new ones are made.
public struct UserDisableRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .userDisable }

  public var key: Bytes16
  public var user: [UInt8]

  public init(key: Bytes16 = .zero, user: [UInt8]) {
    self.key = key
    self.user = user
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, user: String) {
    self.init(
      key: key, user: Array(user.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    user = try reader.text("user")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.text(user, "user")
  }
}

/// USER_ENABLE (0x0061): new tokens may be made; dead ones stay dead.
public struct UserEnableRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .userEnable }

  public var key: Bytes16
  public var user: [UInt8]

  public init(key: Bytes16 = .zero, user: [UInt8]) {
    self.key = key
    self.user = user
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, user: String) {
    self.init(
      key: key, user: Array(user.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    user = try reader.text("user")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.text(user, "user")
  }
}

/// REVOKE_USER (0x0062): all tokens of a person.
public struct RevokeUserRequest: MutationMessage {
  public typealias Reply = RevokeUserReply
  public static var opcode: Opcode { .revokeUser }

  /// Why all tokens of the person end. Other numbers are MALFORMED.
  public enum Reason: UInt8, Sendable, CaseIterable {
    /// Log out everywhere.
    case allSessions = 0
    /// Obeys the setting `revoke-on-password-change`.
    case passwordChanged = 1
    /// Consents and ownership end too.
    case userDeleted = 2
  }

  public var key: Bytes16
  public var user: [UInt8]
  public var reason: Reason

  public init(key: Bytes16 = .zero, user: [UInt8], reason: Reason) {
    self.key = key
    self.user = user
    self.reason = reason
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, user: String, reason: Reason) {
    self.init(
      key: key, user: Array(user.utf8), reason: reason)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    user = try reader.text("user")
    reason = try reader.enumeration(Reason.self, "reason")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.text(user, "user")
    writer.u8(reason.rawValue)
  }
}

/// Whether the reason led to anything.
public struct RevokeUserReply: LaneReply {
  public var position: UInt64
  public var applied: Bool

  public init(position: UInt64, applied: Bool) {
    self.position = position
    self.applied = applied
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    applied = try reader.bool("applied")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.bool(applied)
  }
}

/// REVOKE_APP (0x0063): all tokens of an app; the app stays.
public struct RevokeAppRequest: MutationMessage {
  public typealias Reply = PositionReply
  public static var opcode: Opcode { .revokeApp }

  public var key: Bytes16
  public var clientId: [UInt8]

  public init(key: Bytes16 = .zero, clientId: [UInt8]) {
    self.key = key
    self.clientId = clientId
  }

  /// The same from strings.
  public init(key: Bytes16 = .zero, clientId: String) {
    self.init(
      key: key, clientId: Array(clientId.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    clientId = try reader.text("clientId")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.text(clientId, "clientId")
  }
}

/// REVOKE_BEFORE (0x0064): every token issued before a time.
public struct RevokeBeforeRequest: MutationMessage {
  public typealias Reply = RevokeBeforeReply
  public static var opcode: Opcode { .revokeBefore }

  public var key: Bytes16
  /// Unix milliseconds; 0 means now; the future is refused.
  public var before: UInt64

  public init(key: Bytes16 = .zero, before: UInt64) {
    self.key = key
    self.before = before
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    before = try reader.u64("before")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.u64(before)
  }
}

/// Everything up to `gatePosition` is dead.
public struct RevokeBeforeReply: LaneReply {
  public var position: UInt64
  public var gatePosition: UInt64

  public init(position: UInt64, gatePosition: UInt64) {
    self.position = position
    self.gatePosition = gatePosition
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    gatePosition = try reader.u64("gatePosition")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(gatePosition)
  }
}
