/// KEYS_LIST (0x0080).
public struct KeysListRequest: RequestMessage {
  public typealias Reply = KeysListReply
  public static var opcode: Opcode { .keysList }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// Every signing key that was ever made.
public struct KeysListReply: LaneReply {
  public var position: UInt64
  public var keys: [KeyEntry]

  public init(position: UInt64, keys: [KeyEntry]) {
    self.position = position
    self.keys = keys
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    keys = try reader.list(KeyEntry.self, "keys", max: WireLimits.keys)
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.list(keys, "keys")
  }
}

/// KEYS_ROTATE (0x0081): a new key signs from now on.
public struct KeysRotateRequest: MutationMessage {
  public typealias Reply = KeysRotateReply
  public static var opcode: Opcode { .keysRotate }

  public var key: Bytes16

  public init(key: Bytes16 = .zero) {
    self.key = key
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
  }
}

/// The new primary key.
public struct KeysRotateReply: LaneReply {
  public var position: UInt64
  public var keyId: UInt8

  public init(position: UInt64, keyId: UInt8) {
    self.position = position
    self.keyId = keyId
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    keyId = try reader.u8("keyId")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u8(keyId)
  }
}

/// KEYS_RETIRE (0x0082): the tokens of a key die.
public struct KeysRetireRequest: MutationMessage {
  public typealias Reply = KeysRetireReply
  public static var opcode: Opcode { .keysRetire }

  public var key: Bytes16
  public var keyId: UInt8
  /// Retire although live tokens die.
  public var force: Bool

  public init(key: Bytes16 = .zero, keyId: UInt8, force: Bool) {
    self.key = key
    self.keyId = keyId
    self.force = force
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    key = try reader.b16("key")
    keyId = try reader.u8("keyId")
    force = try reader.bool("force")
  }

  public func write(to writer: inout WireWriter) {
    writer.b16(key)
    writer.u8(keyId)
    writer.bool(force)
  }
}

/// How many live tokens died.
public struct KeysRetireReply: LaneReply {
  public var position: UInt64
  public var killedTokens: UInt64

  public init(position: UInt64, killedTokens: UInt64) {
    self.position = position
    self.killedTokens = killedTokens
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    killedTokens = try reader.u64("killedTokens")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(killedTokens)
  }
}
