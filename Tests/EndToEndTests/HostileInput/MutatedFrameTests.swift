import TestSupport
import Testing
import TokenWire

/// 10,000 broken frames each, pipelined in random numbers, from a caller with every right and from
/// one with none that these frames need.
@Suite(.serialized) struct MutatedFrameTests {
  private static let frames = 10_000
  private static let seed: UInt64 = 0x5167_4E37_0001

  @Test("broken frames of an allowed caller: OK only for what the schema accepts, daemon lives")
  func allowed() throws {
    let daemon = try RunningDaemon()
    try ServiceConnection(daemon.adminPath).switchOn()
    let answers = try run(daemon, socket: daemon.path, rights: RightSet.all.rawValue) { _ in true }
    // The frames reach every layer, or this test says nothing.
    for status in [Status.ok, .malformed, .unsupported, .invalidField, .notFound] {
      #expect(answers[status.rawValue, default: 0] > 50, "\(status)")
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("broken frames of a denied caller: never OK but for PING and BARRIER, nothing changes")
  func denied() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/denied.sock"
    let daemon = try RunningDaemon([
      "--listen", "\(path) mode=0600 rights=front-admin", "--listen",
      "\(directory.path)/open.sock mode=0600 rights=all",
    ])
    let admin = try ServiceConnection(daemon.adminPath)
    try admin.switchOn()
    let good = try admin.issue(try admin.register())[0].accessToken
    let before = try admin.call(BarrierRequest()).position
    let rights = RightSet.frontAdmin.rawValue
    let answers = try run(daemon, socket: path, rights: rights, good: good) { frame in
      frame.status != 0 || [2, 3].contains(frame.opcode)
    }
    #expect(answers[Status.denied.rawValue, default: 0] > 5_000)
    #expect(try admin.call(BarrierRequest()).position == before, "a denied caller changed state")
    #expect(try daemon.stop() == .exited(0))
  }

  /// How many answers had which status. A frame counts when it was judged: those behind a fatal
  /// one are not.
  private func run(
    _ daemon: RunningDaemon, socket path: String, rights: UInt32, good: [UInt8]? = nil,
    isAllowed: (RawFrame) -> Bool
  ) throws -> [UInt16: Int] {
    let bystander = try Bystander(daemon, good: good)
    var mutator = FrameMutator(seed: Self.seed &+ UInt64(rights))
    var (judged, checked) = (0, 0)
    var answers: [UInt16: Int] = [:]
    while judged < Self.frames {
      let count = 1 + mutator.random.below(20)
      let stream = (0..<count).flatMap { mutator.frame(requestId: UInt32(judged + $0 + 1)) }
      let model = StreamModel(stream, rights: rights, maxFrame: 65_536)
      let connection = try ServiceConnection(path)
      _ = try connection.socket.offer(stream)
      connection.socket.finishSending()
      let (replies, rest) = try connection.socket.readToEnd()
      if let fault = model.fault(of: replies, rest: rest) {
        Issue.record("seed \(Self.seed), frames from \(judged): \(fault): \(hexText(stream))")
      }
      for reply in replies {
        answers[reply.status, default: 0] += 1
        if isAllowed(reply) { continue }
        Issue.record("seed \(Self.seed), frames from \(judged): \(reply) was allowed")
      }
      judged += model.requests.count
      if judged / 100 > checked {
        checked = judged / 100
        try bystander.check(UInt32(checked))
      }
    }
    #expect(daemon.process.isRunning)
    return answers
  }
}

/// Another connection, which must get right answers whatever the hostile one does.
struct Bystander {
  private let connection: ServiceConnection
  private let good: [UInt8]?
  /// Well formed, of another service's key.
  private let forged = Array("sga_048000000000000000000000000000000000000000000002iKLy1".utf8)

  init(_ daemon: RunningDaemon, good: [UInt8]? = nil) throws {
    connection = try ServiceConnection(daemon.adminPath)
    self.good = good
  }

  func check(_ number: UInt32) throws {
    let echo = little(UInt64(number), 4)
    #expect(try connection.call(PingRequest(echo: echo)).echo == echo)
    var tokens = [[], Array("nonsense".utf8), forged]
    var wanted: [Verdict] = [.missing, .malformed, .forged]
    if let good {
      tokens.append(good)
      wanted.append(.valid)
    }
    #expect(try connection.verdicts(tokens) == wanted)
  }
}
