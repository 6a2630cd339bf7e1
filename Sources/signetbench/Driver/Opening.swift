internal import LinuxIO
internal import TokenWire

/// Connecting, and the HELLO of Signet's framing, waiting for each.
enum Opening {
  private static let connectMillis: Int32 = 10_000

  /// A connection that is ready for requests and does not block.
  static func open(
    _ target: Target, path: String, depth: Int, frameBytes: Int
  ) throws(BenchError) -> FileDescriptor {
    do {
      let descriptor = try UnixStream.connect(
        path: path, isNonBlocking: false, timeoutMillis: connectMillis)
      if target.speaksSignet { try greet(descriptor, depth, frameBytes) }
      try descriptor.setNonBlocking(true)
      return descriptor
    } catch let error as BenchError {
      throw error
    } catch {
      throw .cannotConnect("cannot connect to \(target.rawValue): \(error)")
    }
  }

  private static func greet(
    _ descriptor: borrowing FileDescriptor, _ depth: Int, _ frameBytes: Int
  ) throws {
    var output = WireWriter(capacity: 256)
    let hello = HelloRequest(
      minVersion: 1, maxVersion: 1, maxFrame: 0, maxInFlight: UInt16(clamping: depth),
      features: 0, clientName: "signetbench")
    try output.request(hello, requestId: 1)
    while output.count > 0 {
      guard
        case .bytes(let count) = try unsafe output.withUnsafeBytes({ bytes in
          try unsafe descriptor.send(bytes)
        })
      else { throw BenchError.cannotConnect("the server closed the connection") }
      output.removeFirst(count)
    }
    let reply = try reply(descriptor)
    if Int(reply.maxInFlight) < depth {
      throw BenchError.usage(
        "the server takes \(reply.maxInFlight) requests in flight on a connection",
        hint: "lower --depth, or raise the server's max-in-flight")
    }
    if Int(reply.maxFrame) < frameBytes {
      throw BenchError.usage(
        "the server takes \(reply.maxFrame) bytes a frame, --batch needs \(frameBytes)",
        hint: "lower --batch")
    }
  }

  private static func reply(_ descriptor: borrowing FileDescriptor) throws -> HelloReply {
    var input = ByteQueue(capacity: 4_096)
    while true {
      guard try descriptor.poll(for: .readable, timeoutMillis: connectMillis) else {
        throw BenchError.cannotConnect("the server does not answer HELLO in 10 s")
      }
      guard
        case .bytes(let count) = try unsafe descriptor.read(into: input.room(2_048))
      else { throw BenchError.cannotConnect("the server closed the connection before HELLO") }
      input.append(count)
      let bytes = unsafe input.bytes
      guard let frame = unsafe SignetFrame(bytes) else { continue }
      guard frame.opcode == Opcode.hello.rawValue else {
        throw BenchError.cannotConnect("the server does not answer HELLO")
      }
      if frame.status != 0 {
        throw BenchError.cannotConnect("the server refused: \(unsafe refusal(frame, bytes))")
      }
      return try HelloReply(body: unsafe [UInt8](frame.body(bytes)))
    }
  }
}
