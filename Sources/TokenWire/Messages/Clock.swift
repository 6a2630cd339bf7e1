/// CLOCK_ACCEPT (0x0096): the wall clock is right as it is.
public struct ClockAcceptRequest: RequestMessage {
  public typealias Reply = ClockAcceptReply
  public static var opcode: Opcode { .clockAccept }

  public init() {}

  public init(parsing reader: inout WireReader) throws(WireFault) {}

  public func write(to writer: inout WireWriter) {}
}

/// The time that the service now goes by.
public struct ClockAcceptReply: LaneReply {
  public var position: UInt64
  /// Unix milliseconds.
  public var now: UInt64
  /// Whether there was something to accept.
  public var wasSuspect: Bool

  public init(position: UInt64, now: UInt64, wasSuspect: Bool) {
    self.position = position
    self.now = now
    self.wasSuspect = wasSuspect
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    position = try reader.u64("position")
    now = try reader.u64("now")
    wasSuspect = try reader.bool("wasSuspect")
  }

  public func write(to writer: inout WireWriter) {
    writer.u64(position)
    writer.u64(now)
    writer.bool(wasSuspect)
  }
}
