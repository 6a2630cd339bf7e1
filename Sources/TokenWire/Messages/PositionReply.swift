/// The reply of operations that have nothing to tell but that they are done.
public struct PositionReply: LaneReply {
  /// Commit position at which the operation was decided.
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
