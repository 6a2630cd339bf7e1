/// HELLO (0x0001): first frame of a connection, once. Its layout is frozen for all versions; the
/// body is at most 1,024 bytes.
public struct HelloRequest: RequestMessage {
  public typealias Reply = HelloReply
  public static var opcode: Opcode { .hello }

  public var minVersion: UInt16
  /// Not below `minVersion`.
  public var maxVersion: UInt16
  /// Largest frame body the client wants, bytes; 0 leaves it to the server, 1...1,023 is refused.
  public var maxFrame: UInt32
  /// Requests in flight the client wants; 0 leaves it to the server.
  public var maxInFlight: UInt16
  /// Bits of optional abilities; version 1 knows none.
  public var features: UInt64
  /// For logs: program and version, at most 128 bytes (checked here).
  public var clientName: [UInt8]

  public init(
    minVersion: UInt16, maxVersion: UInt16, maxFrame: UInt32, maxInFlight: UInt16,
    features: UInt64, clientName: [UInt8]
  ) {
    self.minVersion = minVersion
    self.maxVersion = maxVersion
    self.maxFrame = maxFrame
    self.maxInFlight = maxInFlight
    self.features = features
    self.clientName = clientName
  }

  /// The same from strings.
  public init(
    minVersion: UInt16, maxVersion: UInt16, maxFrame: UInt32, maxInFlight: UInt16,
    features: UInt64, clientName: String
  ) {
    self.init(
      minVersion: minVersion, maxVersion: maxVersion, maxFrame: maxFrame,
      maxInFlight: maxInFlight, features: features, clientName: Array(clientName.utf8))
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    minVersion = try reader.u16("minVersion")
    maxVersion = try reader.u16("maxVersion")
    maxFrame = try reader.u32("maxFrame")
    maxInFlight = try reader.u16("maxInFlight")
    features = try reader.u64("features")
    clientName = try reader.text("clientName")
    guard minVersion <= maxVersion else { throw WireFault(.invalidValue, "maxVersion") }
    guard clientName.count <= WireLimits.clientNameBytes else {
      throw WireFault(.lengthAboveLimit, "clientName")
    }
    guard maxFrame == 0 || maxFrame >= UInt32(WireLimits.frameBytesMin) else {
      throw WireFault(.invalidValue, "maxFrame")
    }
  }

  public func write(to writer: inout WireWriter) {
    writer.u16(minVersion)
    writer.u16(maxVersion)
    writer.u32(maxFrame)
    writer.u16(maxInFlight)
    writer.u64(features)
    writer.text(clientName, "clientName")
  }
}

/// What the connection has agreed on, and who the server is.
public struct HelloReply: ReplyMessage {
  public var version: UInt16
  /// Bytes after a header, both directions.
  public var maxFrame: UInt32
  public var maxInFlight: UInt16
  public var features: UInt64
  /// Drawn once for each data directory of the server: keyed mutations may be resent only within it
  /// or the retry window.
  public var instance: Bytes16
  /// Highest released commit position.
  public var position: UInt64
  /// How long a keyed mutation is remembered ...
  public var retryWindowSeconds: UInt32
  /// ... and how many of them are.
  public var retryWindowEntries: UInt32
  /// Uid that the kernel gave for this peer.
  public var peerUid: UInt32
  /// `RightSet`, raw.
  public var rights: UInt32
  public var serverVersion: [UInt8]

  public init(
    version: UInt16, maxFrame: UInt32, maxInFlight: UInt16, features: UInt64, instance: Bytes16,
    position: UInt64, retryWindowSeconds: UInt32, retryWindowEntries: UInt32, peerUid: UInt32,
    rights: UInt32, serverVersion: [UInt8]
  ) {
    self.version = version
    self.maxFrame = maxFrame
    self.maxInFlight = maxInFlight
    self.features = features
    self.instance = instance
    self.position = position
    self.retryWindowSeconds = retryWindowSeconds
    self.retryWindowEntries = retryWindowEntries
    self.peerUid = peerUid
    self.rights = rights
    self.serverVersion = serverVersion
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    version = try reader.u16("version")
    maxFrame = try reader.u32("maxFrame")
    maxInFlight = try reader.u16("maxInFlight")
    features = try reader.u64("features")
    instance = try reader.b16("instance")
    position = try reader.u64("position")
    retryWindowSeconds = try reader.u32("retryWindowSeconds")
    retryWindowEntries = try reader.u32("retryWindowEntries")
    peerUid = try reader.u32("peerUid")
    rights = try reader.u32("rights")
    serverVersion = try reader.text("serverVersion")
  }

  public func write(to writer: inout WireWriter) {
    writer.u16(version)
    writer.u32(maxFrame)
    writer.u16(maxInFlight)
    writer.u64(features)
    writer.b16(instance)
    writer.u64(position)
    writer.u32(retryWindowSeconds)
    writer.u32(retryWindowEntries)
    writer.u32(peerUid)
    writer.u32(rights)
    writer.text(serverVersion, "serverVersion")
  }
}
