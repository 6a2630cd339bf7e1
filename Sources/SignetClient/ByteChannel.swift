internal import LinuxIO
internal import TokenWire

/// The socket and its two buffers. Knows bytes and frame boundaries, no requests.
///
/// It never blocks in a write while replies wait to be read: a server that waits for its reader
/// stops reading, and two sides that both write first would wait for each other.
struct ByteChannel: ~Copyable {
  /// The peer is gone, or the call failed in a way that comes to the same.
  struct Lost: Error { var reason: String }

  /// One frame of the server.
  struct Frame {
    var header: FrameHeader
    var body: [UInt8]
  }

  private let descriptor: FileDescriptor
  private let epoll: Epoll
  private var events = ReadyEvents(capacity: 1)
  private var waitsForWrites = false
  // Bytes to send are output[sent...]; bytes read and not yet taken are input[taken..<filled].
  private var output: [UInt8] = []
  private var sent = 0
  private var input = [UInt8](repeating: 0, count: 16_384)
  private var taken = 0
  private var filled = 0
  /// At first for the reply to HELLO.
  var frames = FrameReader(.replies, version: nil, maxFrame: WireLimits.helloBodyBytes)

  init(_ descriptor: consuming FileDescriptor) throws(SystemError) {
    let epoll = try Epoll()
    try epoll.add(descriptor, tag: EventTag(rawValue: 0), interest: .read)
    self.epoll = epoll
    self.descriptor = descriptor
  }

  /// Bytes that wait to be sent.
  var pendingBytes: Int { output.count - sent }

  mutating func append(_ frame: [UInt8]) { output += frame }

  /// Sends everything, reading what arrives meanwhile. False when the deadline passed first.
  mutating func flush(_ deadline: Deadline) throws(Lost) -> Bool {
    while pendingBytes > 0 {
      if try sendSome() { continue }
      if deadline.isOver { return false }
      try wait(forWrites: true, deadline)
      _ = try fill()
    }
    return true
  }

  /// The next frame, or nil when the deadline passed first.
  mutating func nextFrame(_ deadline: Deadline) throws(FrameError) -> Frame? {
    while true {
      if let frame = try bufferedFrame() { return frame }
      do throws(Lost) {
        if try fill() { continue }
        if deadline.isOver { return nil }
        try wait(forWrites: false, deadline)
      } catch {
        throw .lost(error)
      }
    }
  }

  enum FrameError: Error {
    case lost(Lost)
    case violation(String)
  }

  /// A whole frame that is in the buffer already, without a system call.
  mutating func bufferedFrame() throws(FrameError) -> Frame? {
    switch scan() {
    case .needsMore(let total):
      makeRoom(for: total)
      return nil
    case .fault(let fault, _):
      throw .violation(fault.message)
    case .frame(let header, let body):
      let frame = Frame(header: header, body: Array(input[body]))
      taken = body.upperBound
      if taken == filled {
        taken = 0
        filled = 0
      }
      return frame
    }
  }

  private borrowing func scan() -> FrameReader.Scan {
    let bytes = unsafe input.span.bytes
    return frames.scan(bytes.extracting(0..<filled), from: taken)
  }

  /// Reads what is there without waiting; false when that was nothing. Throws at the end of the
  /// stream only when nothing more was read: what a server said last still counts.
  mutating func fill() throws(Lost) -> Bool {
    if filled == input.count { makeRoom(for: filled - taken + 16_384) }
    let result: IOResult
    do {
      result = try Self.read(descriptor, into: &input, from: filled)
    } catch {
      throw Lost(reason: error.description)
    }
    switch result {
    case .bytes(let count):
      filled += count
      return true
    case .wouldBlock: return false
    case .endOfFile: throw Lost(reason: "the server closed it")
    case .peerReset: throw Lost(reason: "the server is gone")
    }
  }

  private static func read(
    _ descriptor: borrowing FileDescriptor, into bytes: inout [UInt8], from start: Int
  ) throws(SystemError) -> IOResult {
    var span = bytes.mutableSpan
    return try unsafe span.withUnsafeMutableBytes { (raw) throws(SystemError) in
      try unsafe descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[start...]))
    }
  }

  private static func send(
    _ bytes: [UInt8], from start: Int, to descriptor: borrowing FileDescriptor
  ) throws(SystemError) -> IOResult {
    let span = unsafe bytes.span.bytes
    return try unsafe span.withUnsafeBytes { (raw) throws(SystemError) in
      try unsafe descriptor.send(UnsafeRawBufferPointer(rebasing: raw[start...]))
    }
  }

  private mutating func sendSome() throws(Lost) -> Bool {
    let result: IOResult
    do {
      result = try Self.send(output, from: sent, to: descriptor)
    } catch {
      throw Lost(reason: error.description)
    }
    switch result {
    case .bytes(let count):
      sent += count
      if sent == output.count {
        output.removeAll(keepingCapacity: true)
        sent = 0
      }
      return true
    case .wouldBlock: return false
    case .endOfFile, .peerReset: throw Lost(reason: "the server is gone")
    }
  }

  private mutating func wait(forWrites: Bool, _ deadline: Deadline) throws(Lost) {
    do {
      if forWrites != waitsForWrites {
        try epoll.modify(
          descriptor, tag: EventTag(rawValue: 0), interest: forWrites ? [.read, .write] : .read)
        waitsForWrites = forWrites
      }
      try epoll.wait(timeoutMillis: deadline.remainingMillis, into: &events)
    } catch {
      throw Lost(reason: error.description)
    }
  }

  /// Moves the unread bytes to the front and grows the buffer to hold `total` of them. Bounded:
  /// a frame's length was judged before anybody asks for its bytes.
  private mutating func makeRoom(for total: Int) {
    if taken > 0 {
      input.replaceSubrange(0..<(filled - taken), with: Array(input[taken..<filled]))
      filled -= taken
      taken = 0
    }
    if input.count < total {
      input += [UInt8](repeating: 0, count: max(total, input.count * 2) - input.count)
    }
  }
}
