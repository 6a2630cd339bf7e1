internal import LinuxIO
internal import TokenWire

extension WorkerLoop where Dispatcher: ~Copyable {
  /// Whether the frame is a VALIDATE that nothing but its body can be wrong with, so that it is
  /// answered together with those behind it.
  func isJustValidate(_ header: FrameHeader, _ connection: borrowing Connection) -> Bool {
    header.opcode == Opcode.validate.rawValue && connection.phase == .serving
      && Opcode.validate.isAllowed(with: connection.caller.rights)
  }

  /// Answers requests from the front of a run, at least one.
  mutating func answer(
    _ run: borrowing RequestRun, _ connection: inout Connection
  ) -> RunAnswer {
    let answer = dispatcher.validate(
      run, caller: connection.caller, output: &connection.output)
    if let fault = answer.fault {
      end(&connection, fault, run.header(at: answer.bytes))
    } else {
      precondition(answer.frames > 0, "a dispatcher answers at least one request of a run")
    }
    return answer
  }

  /// Answers one whole frame. Order: connection state, opcode known, right, body.
  mutating func answer(_ header: FrameHeader, _ body: RawSpan, _ connection: inout Connection) {
    if connection.phase == .awaitingHello { return answerHello(header, body, &connection) }
    guard let opcode = Opcode(rawValue: header.opcode) else {
      return refuse(
        &connection, header, .unsupported,
        "this version knows no operation \(header.opcode); see the operations in its protocol")
    }
    guard opcode.isAllowed(with: connection.caller.rights) else {
      let text = context.listeners.refusal(
        of: connection.caller, needed: opcode.requiredRights)
      return refuse(&connection, header, .denied, text)
    }
    switch opcode {
    case .hello:
      end(
        &connection, .malformed, field: "opcode",
        "HELLO is the first frame of a connection, once", header)
    case .ping: answerPing(header, body, &connection)
    case .barrier:
      if connection.inFlight == 0 {
        answerBarrier(header.requestId, &connection)
      } else {
        connection.barrier = header.requestId
      }
    default: dispatch(opcode, header, body, &connection)
    }
  }

  private mutating func dispatch(
    _ opcode: Opcode, _ header: FrameHeader, _ body: RawSpan, _ connection: inout Connection
  ) {
    if order != .serve && opcode.isMutation {
      return refuse(
        &connection, header, .draining, "the service is stopping; send it again to the next one",
        retryAfterMillis: 1_000)
    }
    let address = ReplyAddress(
      worker: index, opcode: header.opcode, requestId: header.requestId,
      slot: connection.tag.slot, generation: connection.tag.generation)
    let frame = FrameView(opcode: opcode, requestId: header.requestId, body: body)
    let disposition = dispatcher.handle(
      frame, caller: connection.caller, reply: address, output: &connection.output)
    switch disposition {
    case .answered: break
    case .deferred: connection.inFlight += 1
    case .malformed(let fault): end(&connection, fault, header)
    }
  }

  // MARK: Operations of the connection itself

  private mutating func answerHello(
    _ header: FrameHeader, _ body: RawSpan, _ connection: inout Connection
  ) {
    guard header.opcode == Opcode.hello.rawValue else {
      return end(
        &connection, .helloRequired, "the first frame of a connection is HELLO", header)
    }
    let hello: HelloRequest
    do throws(WireFault) {
      hello = try HelloRequest(body: body)
    } catch {
      return end(&connection, error, header)
    }
    let version = UInt16(WireLimits.version)
    guard hello.minVersion <= version && version <= hello.maxVersion else {
      return end(
        &connection, .version, field: "minVersion",
        "this server speaks version \(version) and no other", header)
    }
    if order != .serve {
      return end(
        &connection, .draining, "the service is stopping; connect again to the next one", header)
    }
    agree(on: hello, &connection)
    let reply = helloReply(connection)
    append(reply, .hello, header.requestId, &connection)
  }

  /// The lower value wins; 0 leaves it to the server.
  private func agree(on hello: HelloRequest, _ connection: inout Connection) {
    let settings = context.settings
    let frame = hello.maxFrame == 0 ? Int.max : Int(hello.maxFrame)
    let inFlight = hello.maxInFlight == 0 ? Int.max : Int(hello.maxInFlight)
    let maxFrame = min(frame, settings.maxFrameBytes)
    connection.reader = FrameReader(.requests, version: WireLimits.version, maxFrame: maxFrame)
    connection.caller.maxFrameBytes = UInt32(maxFrame)
    connection.maxInFlight = min(inFlight, settings.maxInFlight)
    connection.phase = .serving
  }

  private func helloReply(_ connection: borrowing Connection) -> HelloReply {
    let facts = context.facts
    return HelloReply(
      version: UInt16(WireLimits.version), maxFrame: connection.caller.maxFrameBytes,
      maxInFlight: UInt16(connection.maxInFlight), features: 0, instance: facts.instance,
      position: dispatcher.releasedPosition, retryWindowSeconds: facts.retryWindowSeconds,
      retryWindowEntries: facts.retryWindowEntries, peerUid: connection.caller.uid,
      rights: connection.caller.rights.rawValue, serverVersion: facts.serverVersion)
  }

  /// Sends the echo back without copying it anywhere else.
  private func answerPing(
    _ header: FrameHeader, _ body: RawSpan, _ connection: inout Connection
  ) {
    var reader = WireReader(body)
    do throws(WireFault) {
      let range = try reader.bytesRange("echo")
      guard range.count <= WireLimits.pingEchoBytes else {
        throw WireFault(.lengthAboveLimit, "echo")
      }
      let mark = connection.output.beginFrame(
        .reply(opcode: header.opcode, requestId: header.requestId))
      unsafe body.extracting(range).withUnsafeBytes {
        unsafe connection.output.bytes($0, "echo")
      }
      try connection.output.endFrame(mark)
    } catch {
      end(&connection, error, header)
    }
  }

  /// Every earlier request of the connection has been answered.
  func answerBarrier(_ requestId: UInt32, _ connection: inout Connection) {
    let reply = BarrierReply(position: dispatcher.releasedPosition)
    append(reply, .barrier, requestId, &connection)
  }

  private func append(
    _ reply: some ReplyMessage, _ opcode: Opcode, _ requestId: UInt32,
    _ connection: inout Connection
  ) {
    do throws(WireFault) {
      try connection.output.reply(reply, opcode: opcode, requestId: requestId)
    } catch {
      preconditionFailure("replies of the loop are small: \(error.message)")
    }
  }
}
