internal import LinuxIO
internal import TokenWire

/// A channel on which HELLO has been answered.
struct OpenedChannel: ~Copyable {
  var channel: ByteChannel
  var hello: HelloReply

  /// Connects and says HELLO.
  static func open(
    path: String, _ options: ClientOptions
  ) throws(ClientError) -> OpenedChannel {
    let deadline = Deadline(afterMillis: options.connectTimeoutMillis)
    var channel = try connect(path, options)
    channel.append(try helloFrame(options))
    var isSent = true
    do {
      isSent = try channel.flush(deadline)
    } catch {
      // The server may have said why before it closed; the read below finds it.
    }
    if !isSent { throw .timedOut(afterMillis: Int(options.connectTimeoutMillis)) }
    let frame: ByteChannel.Frame?
    do throws(ByteChannel.FrameError) {
      frame = try channel.nextFrame(deadline)
    } catch {
      throw helloFailure(error, path)
    }
    guard let frame else {
      throw .timedOut(afterMillis: Int(options.connectTimeoutMillis))
    }
    let hello = try reply(in: frame, options)
    channel.frames = FrameReader(
      .replies, version: WireLimits.version, maxFrame: Int(hello.maxFrame))
    return OpenedChannel(channel: channel, hello: hello)
  }

  private static func connect(
    _ path: String, _ options: ClientOptions
  ) throws(ClientError) -> ByteChannel {
    let descriptor: FileDescriptor
    do {
      descriptor = try UnixStream.connect(
        path: path, isNonBlocking: true, timeoutMillis: options.connectTimeoutMillis)
    } catch {
      throw .cannotConnect(path: path, reason: ConnectFailure(error))
    }
    do {
      return try ByteChannel(descriptor)
    } catch {
      throw .cannotConnect(path: path, reason: .other(error.description))
    }
  }

  private static func helloFrame(_ options: ClientOptions) throws(ClientError) -> [UInt8] {
    let version = UInt16(WireLimits.version)
    var name = options.clientName
    while name.utf8.count > WireLimits.clientNameBytes { name.removeLast() }
    let request = HelloRequest(
      minVersion: version, maxVersion: version, maxFrame: options.maxFrame,
      maxInFlight: options.maxInFlight, features: 0, clientName: name)
    return try encodedFrame(request, requestId: 1, maxFrame: WireLimits.helloBodyBytes)
  }

  private static func helloFailure(
    _ error: ByteChannel.FrameError, _ path: String
  ) -> ClientError {
    switch error {
    case .violation(let what): .protocolViolation("in answer to HELLO, \(what)")
    case .lost(let lost):
      .cannotConnect(
        path: path, reason: .other("\(lost.reason) before it answered HELLO; try again"))
    }
  }

  private static func reply(
    in frame: ByteChannel.Frame, _ options: ClientOptions
  ) throws(ClientError) -> HelloReply {
    if frame.header.status != 0 { throw refusal(in: frame) }
    do throws(WireFault) {
      guard frame.header.opcode == Opcode.hello.rawValue, frame.header.requestId == 1 else {
        throw WireFault(.invalidHeader, "opcode")
      }
      let hello = try HelloReply(body: frame.body)
      let limits = WireLimits.frameBytesMin...WireLimits.frameBytesMax
      guard hello.version == UInt16(WireLimits.version), hello.maxInFlight > 0,
        limits.contains(Int(hello.maxFrame)),
        options.maxFrame == 0 || hello.maxFrame <= options.maxFrame,
        options.maxInFlight == 0 || hello.maxInFlight <= options.maxInFlight
      else { throw WireFault(.invalidValue, "version, maxFrame or maxInFlight") }
      return hello
    } catch {
      throw .protocolViolation("HELLO reply: \(error.message)")
    }
  }
}

extension ConnectFailure {
  init(_ error: SocketError) {
    switch error {
    case .backlogFull: self = .queueFull
    case .system(let system):
      switch system.errno {
      case .notFound, .notADirectory: self = .noSuchSocket
      case .accessDenied, .notPermitted: self = .permissionDenied
      case .connectionRefused: self = .notListening
      default: self = .other(system.description)
      }
    default: self = .other(error.description)
    }
  }
}

/// What an error reply says, as the error to throw; a violation where it cannot be read.
func refusal(in frame: ByteChannel.Frame) -> ClientError {
  do {
    return .refused(Refusal(code: frame.header.status, try ErrorBody(body: frame.body)))
  } catch {
    return .protocolViolation("error reply: \(error.message)")
  }
}

/// A whole request frame.
func encodedFrame(
  _ request: some RequestMessage, requestId: UInt32, maxFrame: Int
) throws(ClientError) -> [UInt8] {
  var writer = WireWriter(capacity: 512)
  do {
    try writer.request(request, requestId: requestId, maxFrame: maxFrame)
  } catch {
    throw .unsendable(error)
  }
  return writer.contents
}
