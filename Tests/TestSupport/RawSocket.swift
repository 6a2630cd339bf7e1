import Foundation

/// The client's end of a connection: bytes out, frames in, and no wait without an end.
public final class RawSocket {
  public enum Failure: Error, Equatable {
    case cannotConnect(errno: Int32)
    /// Nothing came, or nothing was taken, before the deadline.
    case silent
    /// The peer is gone.
    case closed
  }

  private var descriptor: Int32
  private var received: [UInt8] = []
  /// The server has closed, or was reset.
  public private(set) var isEnded = false
  /// The longest wait of any call.
  public var deadlineMillis: Int32

  public init(_ path: String, deadlineMillis: Int32 = 60_000) throws {
    self.deadlineMillis = deadlineMillis
    descriptor = socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(bitPattern: SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure.cannotConnect(errno: errno) }
    // Blocking connect: a full backlog means waiting, not failing.
    guard Self.connect(descriptor, path) else {
      let reason = errno
      _ = Foundation.close(descriptor)
      descriptor = -1
      throw Failure.cannotConnect(errno: reason)
    }
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }

  deinit { close() }

  private static func connect(_ descriptor: Int32, _ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      unsafe place.copyBytes(from: path.utf8)
    }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
        var result: Int32
        repeat {
          result = unsafe Foundation.connect(descriptor, plain, size)
        } while result != 0 && errno == EINTR
        return result == 0
      }
    }
  }

  public func close() {
    if descriptor >= 0 { _ = Foundation.close(descriptor) }
    descriptor = -1
  }

  /// No more bytes from here; the server may still answer.
  public func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  // MARK: Sending

  /// Sends everything, waiting while the server does not take it. Throws `closed` when it is gone.
  public func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = try sendSome(Array(rest))
      rest = rest.dropFirst(count)
      if count == 0, try !wait(Int16(POLLOUT)) { throw Failure.silent }
    }
  }

  /// Sends what the kernel takes now; how many bytes that was.
  public func sendSome(_ bytes: [UInt8]) throws -> Int {
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    if count >= 0 { return count }
    if errno == EAGAIN || errno == EINTR { return 0 }
    throw Failure.closed
  }

  /// Waits until the server has room for more; false when the deadline passes.
  public func waitToSend() throws -> Bool { try wait(Int16(POLLOUT)) }

  /// Sends as much as the server lets us; false when it closed meanwhile. For bytes that may well
  /// make the server close before it has read them all.
  public func offer(_ bytes: [UInt8]) throws -> Bool {
    do {
      try send(bytes)
      return true
    } catch Failure.closed {
      return false
    }
  }

  // MARK: Receiving

  /// The next frame; nil at the end of the connection.
  public func readFrame() throws -> RawFrame? {
    while true {
      if let (frame, count) = RawFrame.read(received[...]) {
        received.removeFirst(count)
        return frame
      }
      if try !readMore() { return nil }
    }
  }

  /// Every frame up to the end of the connection, in the order they came, and what was left over.
  public func readToEnd() throws -> (frames: [RawFrame], rest: [UInt8]) {
    while try readMore() {}
    var frames: [RawFrame] = []
    var rest = received[...]
    while let (frame, count) = RawFrame.read(rest) {
      frames.append(frame)
      rest = rest.dropFirst(count)
    }
    received = []
    return (frames, Array(rest))
  }

  /// All bytes up to the end of the connection.
  public func readBytesToEnd() throws -> [UInt8] {
    while try readMore() {}
    defer { received = [] }
    return received
  }

  /// What has come and was not read yet, waiting for at least one byte. Throws `closed` at the end
  /// of the connection.
  public func readSome() throws -> [UInt8] {
    if received.isEmpty, try !readMore() { throw Failure.closed }
    defer { received = [] }
    return received
  }

  /// Waits for bytes; false at the end of the connection.
  private func readMore() throws -> Bool {
    if isEnded { return false }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Foundation.recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      if count > 0 {
        received += buffer[..<count]
        return true
      }
      if count == 0 || (errno != EAGAIN && errno != EINTR) {
        isEnded = true
        return false
      }
      if try !wait(Int16(POLLIN)) { throw Failure.silent }
    }
  }

  private func wait(_ events: Int16) throws -> Bool {
    var interest = pollfd(fd: descriptor, events: events, revents: 0)
    return unsafe poll(&interest, 1, deadlineMillis) != 0
  }
}
