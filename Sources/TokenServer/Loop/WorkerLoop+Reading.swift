internal import LinuxIO
internal import TokenWire

extension WorkerLoop where Dispatcher: ~Copyable {
  /// Connections that are read from before the replies to all of them are sent. The first reply
  /// wakes a client that waits, which takes longer than to answer a request: the others find it
  /// awake.
  private static var settledTogether: Int { 16 }

  /// Bytes read from them at which their replies are sent as well: the first of them waits no
  /// longer than this much work takes, some 300 microseconds.
  private static var settledBytes: Int { 32_768 }

  /// Handles one event of a connection. What there is to send goes out with ``settleAll()``.
  mutating func serve(_ event: ReadyEvent) throws(SystemError) {
    // Of an earlier tenant of the slot, or the notifier's: nothing to do.
    guard let pointer = unsafe connections.pointer(event.tag) else { return }
    guard try unsafe serve(event, &pointer.pointee) else { return close(event.tag) }
    unsettled.append(event.tag)
    if unsettled.count >= Self.settledTogether || unsettledBytes >= Self.settledBytes {
      try settleAll()
    }
  }

  /// Sends the replies of what was served, and decides what comes next.
  mutating func settleAll() throws(SystemError) {
    for index in unsettled.indices {
      let tag = unsettled[index]
      guard let pointer = unsafe connections.pointer(tag) else { continue }
      if try unsafe !settle(&pointer.pointee) { close(tag) }
    }
    unsettled.removeAll(keepingCapacity: true)
    unsettledBytes = 0
  }

  /// False when the peer is gone.
  private mutating func serve(
    _ event: ReadyEvent, _ connection: inout Connection
  ) throws(SystemError) -> Bool {
    if !connection.interest.contains(.read) {
      // Half-closes are not told of then, so the peer is gone in both directions.
      if event.isHangup { return false }
    } else if isHeldBack(connection) {
      // Bytes, or that they have ended: either can wait. A peer that is gone altogether is told of
      // again at once.
      if event.isReadable { try stopHearingOfReads(&connection) }
    } else if event.isReadable && !connection.hasMoreFrames {
      return read(&connection)
    }
    return true
  }

  /// Reads once and answers the whole frames. False when the peer is gone.
  private mutating func read(_ connection: inout Connection) -> Bool {
    let kept = unsafe connection.input.move(to: scratch.bytes)
    let space = unsafe UnsafeMutableRawBufferPointer(
      rebasing: scratch.bytes[kept..<kept + context.settings.readBytesPerTurn])
    var count = kept
    let result: IOResult
    do {
      result = try unsafe connection.descriptor.read(into: space)
    } catch {
      // This connection's trouble, not the worker's.
      context.log.warning("connection of uid \(connection.caller.uid): \(error)")
      return false
    }
    switch result {
    case .bytes(let new):
      count += new
      unsettledBytes += new
      connection.activeAt = now
    case .wouldBlock: break
    case .endOfFile: connection.isInputEnded = true
    case .peerReset: return false
    }
    unsafe answerFrames(UnsafeRawBufferPointer(rebasing: scratch.bytes[..<count]), &connection)
    return true
  }

  /// Answers frames that were read earlier and could not be answered then.
  mutating func answerHeldFrames(_ connection: inout Connection) {
    guard connection.hasMoreFrames, !isHeldBack(connection) else { return }
    let count = unsafe connection.input.move(to: scratch.bytes)
    unsafe answerFrames(UnsafeRawBufferPointer(rebasing: scratch.bytes[..<count]), &connection)
  }

  func isHeldBack(_ connection: borrowing Connection) -> Bool {
    connection.isHeldBack(writeBufferBytes: context.settings.writeBufferBytes)
  }

  /// The most frames of a run. A dispatcher answers fewer at a call, so looking for more is lost.
  private static var framesPerRun: Int { 128 }

  /// Answers every whole frame in `bytes` (which lie in `scratch`), until the connection is held
  /// back or has had its share of the turn, and keeps the rest.
  private mutating func answerFrames(
    _ bytes: UnsafeRawBufferPointer, _ connection: inout Connection
  ) {
    // The span lives as long as `bytes`, which nobody writes to before this function returns.
    let span = unsafe bytes.bytes
    var (offset, answered, isStarved) = (0, 0, false)
    while !isStarved && connection.phase != .closing && !mustWait(&connection, answered) {
      switch connection.reader.scan(span, from: offset) {
      case .frame(let header, _) where isJustValidate(header, connection):
        let run = connection.reader.run(
          of: .validate, in: span, from: offset,
          atMost: min(context.settings.framesPerTurn - answered, Self.framesPerRun))
        let done = answer(run, &connection)
        offset += done.bytes
        answered += done.frames
      case .frame(let header, let body):
        offset = body.upperBound
        answered += 1
        answer(header, span.extracting(body), &connection)
      case .needsMore:
        isStarved = true
      case .fault(let fault, let header):
        end(&connection, fault, header)
      }
    }
    if connection.phase == .closing { offset = bytes.count }
    unsafe connection.input.keep(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    connection.hasMoreFrames = !isStarved && connection.input.count > 0
    if !isStarved || connection.input.count == 0 {
      connection.partialSince = 0
    } else if answered > 0 || connection.partialSince == 0 {
      connection.partialSince = now
    }
  }

  /// Whether the frames behind the last one have to wait.
  private mutating func mustWait(_ connection: inout Connection, _ answered: Int) -> Bool {
    if connection.output.count > context.settings.writeBufferBytes { send(&connection) }
    return answered >= context.settings.framesPerTurn || isHeldBack(connection)
  }
}
