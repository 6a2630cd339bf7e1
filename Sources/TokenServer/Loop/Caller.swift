public import TokenWire

/// Who sent a frame, as the kernel and the configuration say; fixed when the connection is
/// accepted. Plain words, so passing it costs nothing.
public struct Caller: Equatable, Sendable {
  public var uid: UInt32
  public var gid: UInt32
  /// For log lines only: another process may have the number by now.
  public var pid: Int32
  /// What the peer may do on this connection.
  public var rights: RightSet
  /// Which listening socket, as an index of `ListenerTable`.
  public var listener: UInt16
  /// Bytes after the header of the largest frame that HELLO agreed to: no reply may be longer.
  public var maxFrameBytes: UInt32

  public init(
    uid: UInt32, gid: UInt32, pid: Int32, rights: RightSet, listener: UInt16,
    maxFrameBytes: UInt32
  ) {
    self.uid = uid
    self.gid = gid
    self.pid = pid
    self.rights = rights
    self.listener = listener
    self.maxFrameBytes = maxFrameBytes
  }
}

/// Where a reply goes. It may outlive its connection: a worker drops a reply whose generation is
/// not the slot's.
public struct ReplyAddress: Equatable, Sendable, BitwiseCopyable {
  /// Which worker's inbox.
  public var worker: UInt16
  /// The operation, for the reply's header.
  public var opcode: UInt16
  /// The request, for the reply's header.
  public var requestId: UInt32
  /// The connection's slot in that worker's table.
  public var slot: UInt32
  /// The tenant of the slot.
  public var generation: UInt32

  public init(
    worker: UInt16, opcode: UInt16, requestId: UInt32, slot: UInt32, generation: UInt32
  ) {
    self.worker = worker
    self.opcode = opcode
    self.requestId = requestId
    self.slot = slot
    self.generation = generation
  }
}
