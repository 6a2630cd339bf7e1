import TestSupport
import Testing
import TokenWire

/// However the kernel cuts a stream, the answers are the same bytes.
@Suite(.serialized) struct ChunkingTests {
  private static let seed: UInt64 = 0x5167_4E37_0002
  private static let rounds = 150

  @Test("random pieces of a pipelined stream give byte-identical replies")
  func workerOperations() throws {
    let daemon = try RunningDaemon()
    let stream = try Self.workerStream()
    let whole = try answer(daemon, [stream])
    #expect(whole.count > 100 * 16)
    for round in 0..<Self.rounds {
      let pieces = Self.cut(stream, seed: Self.seed &+ UInt64(round), round)
      let bytes = try answer(daemon, pieces)
      #expect(bytes == whole, "seed \(Self.seed &+ UInt64(round))")
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("random pieces of a stream with reads of the lane: the same reply to every request")
  func laneOperations() throws {
    let daemon = try RunningDaemon()
    let stream = try Self.mixedStream()
    let whole = try frames(daemon, [stream])
    #expect(whole.count == 121)
    for round in 0..<Self.rounds {
      let pieces = Self.cut(stream, seed: Self.seed &+ UInt64(round), round)
      #expect(try frames(daemon, pieces) == whole, "seed \(Self.seed &+ UInt64(round))")
    }
    #expect(try daemon.stop() == .exited(0))
  }

  private func answer(_ daemon: RunningDaemon, _ pieces: [[UInt8]]) throws -> [UInt8] {
    let socket = try RawSocket(daemon.path)
    for piece in pieces { try socket.send(piece) }
    socket.finishSending()
    return try socket.readBytesToEnd()
  }

  private func frames(_ daemon: RunningDaemon, _ pieces: [[UInt8]]) throws -> [RawFrame] {
    var rest = try answer(daemon, pieces)[...]
    var frames: [RawFrame] = []
    while let (frame, count) = RawFrame.read(rest) {
      frames.append(frame)
      rest = rest.dropFirst(count)
    }
    #expect(rest.isEmpty)
    return frames.sorted { $0.requestId < $1.requestId }
  }

  /// HELLO, then PING and VALIDATE of bad tokens and an unknown operation, in turn.
  private static func workerStream() throws -> [UInt8] {
    var random = SplitMix64(seed: seed)
    var stream = ServiceConnection.hello().bytes
    for id in UInt32(2)...120 {
      switch id % 3 {
      case 0:
        let body = try PingRequest(echo: random.bytes(random.below(40))).encodedBody()
        stream += RawFrame(Opcode.ping.rawValue, id, body).bytes
      case 1:
        let tokens = (0..<1 + random.below(5)).map { _ in random.bytes(random.below(60)) }
        let form: ValidateRequest.Form = random.oneIn(2) ? .verdict : .identity
        let body = try ValidateRequest(form: form, tokens: tokens).encodedBody()
        stream += RawFrame(Opcode.validate.rawValue, id, body).bytes
      default: stream += RawFrame(0x0FFF, id, random.bytes(random.below(30))).bytes
      }
    }
    return stream
  }

  /// HELLO, then reads that are the same at every time.
  private static func mixedStream() throws -> [UInt8] {
    var stream = ServiceConnection.hello().bytes
    for id in UInt32(2)...121 {
      let (opcode, body): (Opcode, [UInt8]) =
        switch id % 6 {
        case 0: (.settingsGet, try SettingsGetRequest(acting: .local).encodedBody())
        case 1:
          (
            .appList,
            try AppListRequest(acting: .local, all: true, cursor: 0, maxBytes: 0).encodedBody()
          )
        case 2: (.metadata, [])
        case 3: (.barrier, [])
        case 4: (.introspect, try IntrospectRequest(token: "nonsense").encodedBody())
        default: (.ping, [1, 0, UInt8(truncatingIfNeeded: id)])
        }
      stream += RawFrame(opcode.rawValue, id, body).bytes
    }
    return stream
  }

  /// Pieces of one byte in the first round; later ones are larger from round to round.
  private static func cut(_ stream: [UInt8], seed: UInt64, _ round: Int) -> [[UInt8]] {
    if round == 0 { return stream.map { [$0] } }
    var random = SplitMix64(seed: seed)
    var pieces: [[UInt8]] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let piece = rest.prefix(1 + random.below(1 + round * 4))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }
}
