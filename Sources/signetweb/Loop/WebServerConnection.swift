internal import LinuxIO

/// One connection of the web server: its descriptor, its requests, what it has not taken yet.
///
/// The loop's thread only. After a `false` from `receive` or `send` the loop closes it.
final class WebServerConnection {
  let descriptor: FileDescriptor
  let tag: EventTag
  private(set) var assembly = RequestAssembly()
  private var reader = RecordReader()
  private var unsent: [UInt8] = []
  private var sentCount = 0
  private var closesAfterSending = false
  /// The peer sends no more. It may still read: what it asked for is answered, then it is closed.
  private var hasEnded = false
  /// What epoll was told last.
  var interest: Epoll.Interest = .read
  /// When the peer has to have moved on; nil while nothing of it is awaited.
  private(set) var deadlineMillis: UInt64?

  init(_ descriptor: consuming FileDescriptor, _ tag: EventTag) {
    self.descriptor = descriptor
    self.tag = tag
  }

  private var unsentBytes: Int { unsent.count - sentCount }

  /// Whether nothing is owed to the peer, so that a stop may close it.
  var isIdle: Bool { assembly.count == 0 && unsentBytes == 0 && reader.pendingBytes == 0 }

  /// What to hear about: bytes, unless it does not take its answers or is to close; room, while
  /// something waits.
  var wantedInterest: Epoll.Interest {
    var wanted: Epoll.Interest = []
    if !closesAfterSending && !hasEnded && unsentBytes < WebLimits.unsentBytes {
      wanted.insert(.read)
    }
    if unsentBytes > 0 { wanted.insert(.write) }
    return wanted
  }

  /// Takes what the socket holds, one buffer at most, so that others get their turn. False when
  /// the peer is gone or broke the protocol; `fault` says which.
  func receive(
    _ buffer: inout [UInt8], nowMillis: UInt64, fault: inout String?,
    _ perform: (RequestAssembly.Action) -> Void
  ) -> Bool {
    switch read(into: &buffer) {
    case .bytes(let count):
      if closesAfterSending { return true }
      reader.append(buffer[..<count])
    case .wouldBlock: return true
    case .endOfFile:
      hasEnded = true
      assembly.dropIncomplete()
      moved(nowMillis)
      return true
    case .peerReset: return false
    }
    do throws(RecordReader.BadVersion) {
      while !closesAfterSending, let record = try reader.next() {
        for action in assembly.take(record) {
          if case .fail(let reason) = action {
            fault = reason
            return false
          }
          take(action, perform)
        }
      }
    } catch {
      fault = "it does not speak FastCGI 1 (first byte \(error.found))"
      return false
    }
    moved(nowMillis)
    return true
  }

  /// An answer of a worker.
  func finish(_ answer: WebAnswer, nowMillis: UInt64) {
    for action in assembly.finish(answer.requestID, serial: answer.serial, answer.output) {
      take(action) { _ in }
    }
    moved(nowMillis)
  }

  /// Takes no new requests from here on.
  func drain() { assembly.isDraining = true }

  private func take(
    _ action: RequestAssembly.Action, _ perform: (RequestAssembly.Action) -> Void
  ) {
    switch action {
    case .send(let bytes): unsent += bytes
    case .closeAfterSending: closesAfterSending = true
    case .answer, .drop, .fail: perform(action)
    }
  }

  /// Sends what the socket takes. False when the connection is over.
  func send(nowMillis: UInt64) -> Bool {
    let before = sentCount
    while unsentBytes > 0 {
      let start = sentCount
      let result = try? unsafe unsent.withUnsafeBytes { (raw) throws(SystemError) in
        try unsafe descriptor.send(UnsafeRawBufferPointer(rebasing: raw[start...]))
      }
      guard case .bytes(let count)? = result else {
        if result == .wouldBlock { break }
        return false
      }
      sentCount += count
    }
    if unsentBytes == 0 {
      unsent.removeAll()
      sentCount = 0
      moved(nowMillis)
      return !closesAfterSending && !(hasEnded && assembly.count == 0)
    }
    if sentCount > before { moved(nowMillis) }
    return true
  }

  private func read(into buffer: inout [UInt8]) -> IOResult {
    let result = try? unsafe buffer.withUnsafeMutableBytes { (raw) throws(SystemError) in
      try unsafe descriptor.read(into: raw)
    }
    return result ?? .peerReset
  }

  /// Something moved: the peer has the whole time again for what it still owes.
  private func moved(_ nowMillis: UInt64) {
    let isOwed = assembly.isReceiving || unsentBytes > 0 || (!hasEnded && reader.pendingBytes > 0)
    deadlineMillis = isOwed ? nowMillis + WebLimits.stallMillis : nil
  }
}
