/// PING (0x0002): answered by the worker at once.
public struct PingRequest: RequestMessage {
  public typealias Reply = PingReply
  public static var opcode: Opcode { .ping }

  /// At most 1,024 bytes, sent back as they are.
  public var echo: [UInt8]

  public init(echo: [UInt8]) {
    self.echo = echo
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    echo = try reader.bytes("echo")
    guard echo.count <= WireLimits.pingEchoBytes else {
      throw WireFault(.lengthAboveLimit, "echo")
    }
  }

  public func write(to writer: inout WireWriter) {
    writer.bytes(echo, "echo")
  }
}

/// The reply to PING.
public struct PingReply: ReplyMessage {
  public var echo: [UInt8]

  public init(echo: [UInt8]) {
    self.echo = echo
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    echo = try reader.bytes("echo")
  }

  public func write(to writer: inout WireWriter) {
    writer.bytes(echo, "echo")
  }
}

/// BARRIER (0x0003): answered after every earlier request of this connection has been answered.
public struct BarrierRequest: RequestMessage {
  public typealias Reply = BarrierReply
  public static var opcode: Opcode { .barrier }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// The reply to BARRIER.
public struct BarrierReply: LaneReply {
  /// Highest released commit position.
  public var position: UInt64

  public init(position: UInt64) {
    self.position = position
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
  }
}
