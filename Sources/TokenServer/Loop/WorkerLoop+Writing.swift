internal import LinuxIO
internal import TokenWire

extension WorkerLoop where Dispatcher: ~Copyable {
  /// A larger empty output buffer is given back.
  private static var keptOutputBytes: Int { 32_768 }

  /// Ends the handling of a connection for this turn: sends what there is, decides what comes next.
  /// False when it is to be closed.
  mutating func settle(_ connection: inout Connection) throws(SystemError) -> Bool {
    send(&connection)
    if connection.isGone { return false }
    if connection.phase == .closing && connection.output.count == 0 { return false }
    let isEnding = connection.isInputEnded || order != .serve
    if isEnding && connection.isQuiet { return false }
    if connection.hasMoreFrames && !isHeldBack(connection) { list(&connection) }
    try updateInterest(&connection)
    noteDeadline(connection)
    return true
  }

  /// Sends as much of the output as the kernel takes.
  mutating func send(_ connection: inout Connection) {
    while connection.output.count > 0 && !connection.isGone {
      let result: IOResult
      do {
        result = try unsafe connection.output.withUnsafeBytes {
          (bytes) throws(SystemError) in try unsafe connection.descriptor.send(bytes)
        }
      } catch {
        context.log.warning("connection of uid \(connection.caller.uid): \(error)")
        result = .peerReset
      }
      switch result {
      case .bytes(let count):
        connection.output.removeFirst(count)
        connection.progressAt = now
        if connection.output.count == 0 { connection.activeAt = now }
      case .wouldBlock:
        if !connection.interest.contains(.write) { connection.progressAt = now }
        return
      case .peerReset, .endOfFile:
        connection.isGone = true
      }
    }
    if connection.output.count == 0 && connection.output.allocatedBytes > Self.keptOutputBytes {
      connection.output.reset(keeping: Self.keptOutputBytes)
    }
  }

  /// Tells epoll what to wait for, if that changed. A connection that is held back goes on being
  /// listened to until it sends something: most peers wait for their replies, and two system calls
  /// a request are saved.
  private func updateInterest(_ connection: inout Connection) throws(SystemError) {
    var wanted: Epoll.Interest = []
    if connection.output.count > 0 { wanted.insert(.write) }
    let reads = !connection.isInputEnded && connection.phase != .closing
    if reads && (!isHeldBack(connection) || connection.interest.contains(.read)) {
      wanted.insert(.read)
    }
    if wanted.contains(.read), !connection.interest.contains(.read), connection.partialSince != 0 {
      // The rest of a frame may have come while nobody read.
      connection.partialSince = now
    }
    try setInterest(&connection, wanted)
  }

  /// What a connection that is held back sends stays in the kernel; epoll need not say so again.
  func stopHearingOfReads(_ connection: inout Connection) throws(SystemError) {
    try setInterest(&connection, connection.interest.subtracting(.read))
  }

  private func setInterest(
    _ connection: inout Connection, _ wanted: Epoll.Interest
  ) throws(SystemError) {
    if wanted == connection.interest { return }
    try inbox.epoll.modify(connection.descriptor, tag: connection.tag, interest: wanted)
    connection.interest = wanted
  }

  // MARK: Errors

  /// Appends an error reply; the connection stays.
  func refuse(
    _ connection: inout Connection, _ header: FrameHeader, _ status: Status, _ message: String,
    retryAfterMillis: UInt32 = 0
  ) {
    connection.output.error(
      status, ErrorBody(status, message: message, retryAfterMillis: retryAfterMillis),
      opcode: header.opcode, requestId: header.requestId)
  }

  /// Appends the last error frame; the connection closes when it is sent.
  func end(
    _ connection: inout Connection, _ status: Status, field: String = "", _ message: String,
    _ header: FrameHeader
  ) {
    let retryAfterMillis: UInt32 = status == .draining ? 1_000 : 0
    connection.output.error(
      status,
      ErrorBody(status, field: field, message: message, retryAfterMillis: retryAfterMillis),
      opcode: header.opcode,
      requestId: header.requestId)
    connection.phase = .closing
  }

  func end(_ connection: inout Connection, _ fault: WireFault, _ header: FrameHeader) {
    end(&connection, fault.status, field: fault.field, fault.message, header)
  }
}
