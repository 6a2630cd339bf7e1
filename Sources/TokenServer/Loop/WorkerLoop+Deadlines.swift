internal import LinuxIO
internal import TokenWire

/// Why a connection's time is up.
private enum Overdue {
  case hello, frame, slowReader, idle
}

/// Deadlines without a timer per connection: each is computed from what the connection remembers,
/// and the loop knows one moment before which none can pass. A connection that was busy since has
/// merely moved its own deadline on, which the next sweep finds out.
extension WorkerLoop where Dispatcher: ~Copyable {
  /// Deadlines are looked for at most this often, so a sweep may be this much late.
  private static var sweepMillis: UInt64 { 50 }

  /// Makes sure that the sweep is not later than this connection's deadline.
  mutating func noteDeadline(_ connection: borrowing Connection) {
    if let next = nextDeadline(connection) {
      earliestDeadline = min(earliestDeadline, next.at)
    }
  }

  /// Ends every connection whose time is up. Costs a look at each slot.
  mutating func sweepDeadlines() throws(SystemError) {
    earliestDeadline = .max
    for slot in 0..<connections.slotCount {
      guard let pointer = unsafe connections.pointer(slot: slot) else { continue }
      let tag = unsafe pointer.pointee.tag
      guard let next = unsafe nextDeadline(pointer.pointee) else { continue }
      if next.at > now {
        earliestDeadline = min(earliestDeadline, max(next.at, now + Self.sweepMillis))
      } else if try unsafe !end(&pointer.pointee, next.cause) {
        close(tag)
      }
    }
  }

  private func nextDeadline(
    _ connection: borrowing Connection
  ) -> (at: UInt64, cause: Overdue)? {
    let settings = context.settings
    if connection.output.count > 0 {
      return (connection.progressAt + settings.slowReaderTimeoutMillis, .slowReader)
    }
    if connection.phase == .awaitingHello {
      return (connection.acceptedAt + settings.helloTimeoutMillis, .hello)
    }
    if connection.partialSince != 0 {
      return (connection.partialSince + settings.frameTimeoutMillis, .frame)
    }
    if settings.idleTimeoutMillis != 0 && connection.inFlight == 0 {
      return (connection.activeAt + settings.idleTimeoutMillis, .idle)
    }
    return nil
  }

  /// False when the connection is to be closed at once.
  private mutating func end(
    _ connection: inout Connection, _ cause: Overdue
  ) throws(SystemError) -> Bool {
    switch cause {
    case .slowReader, .idle:
      context.log.debug("connection of uid \(connection.caller.uid) closed: \(cause)")
      return false
    case .hello:
      end(&connection, .timeout, "no HELLO came in time", unfinishedHeader(connection))
    case .frame:
      end(
        &connection, .timeout, "the rest of the frame did not come in time",
        unfinishedHeader(connection))
    }
    return try settle(&connection)
  }

  /// The header of the frame that is half here; HELLO's with request id 0 while there is none.
  private func unfinishedHeader(_ connection: borrowing Connection) -> FrameHeader {
    guard connection.input.count >= WireLimits.headerBytes else {
      return FrameHeader(opcode: Opcode.hello.rawValue, requestId: 0)
    }
    return unsafe connection.input.withBytes { bytes in
      let span = unsafe bytes.bytes
      return FrameHeader(reading: span)
    }
  }
}
