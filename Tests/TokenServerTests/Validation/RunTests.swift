import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// Requests that one read brought, answered together.
@Suite struct RunTests {
  @Test("requests answered together get the replies that each gets alone, in order")
  func together() throws {
    let rig = try ValidationRig()
    let tokens = try Self.tokens(rig)
    let seed: UInt64 = 0x5167_4E37_0012
    var random = SplitMix64(seed: seed)
    for round in 0..<300 {
      let frames = try (0..<random.pick([1, 2, 16, 60])).map { number in
        try Self.frame(Self.request(tokens, rig, &random), requestId: UInt32(number + 1))
      }
      let alone = try frames.flatMap { try Self.withoutSeconds(rig.answer(frames: $0).output) }
      let together = try Self.withoutSeconds(rig.answer(frames: Array(frames.joined())).output)
      #expect(together == alone, "seed \(seed), round \(round)")
    }
  }

  @Test("small requests share a call up to 128 tokens, and a larger one has its own")
  func bound() throws {
    let rig = try ValidationRig()
    let token = try rig.issue(try rig.register()).accessToken
    func frames(_ sizes: [Int]) throws -> [UInt8] {
      try sizes.flatMap { size in
        try Self.frame(
          ValidateRequest(form: .identity, tokens: Array(repeating: token, count: size)),
          requestId: 1)
      }
    }
    #expect(try rig.answer(frames: frames(Array(repeating: 1, count: 128))).calls == 1)
    #expect(try rig.answer(frames: frames(Array(repeating: 1, count: 129))).calls == 2)
    #expect(try rig.answer(frames: frames([100, 28, 100, 28])).calls == 2)
    #expect(try rig.answer(frames: frames([100, 29])).calls == 2)
    #expect(try rig.answer(frames: frames([512, 1, 512])).calls == 3)
  }

  @Test("a malformed request behind good ones is told after they are answered")
  func malformed() throws {
    let daemon = try RunningDaemon()
    let admin = try ServiceConnection(daemon.adminPath)
    try admin.switchOn()
    let token = try admin.issue(try admin.register())[0].accessToken
    let good = try Self.frame(ValidateRequest(form: .verdict, tokens: [token]), requestId: 5)
    var bad = good
    bad[16] = 9
    let connection = try ServiceConnection(daemon.path)
    try connection.socket.send(good + good + bad + good)
    let (frames, _) = try connection.socket.readToEnd()
    #expect(frames.map(\.status) == [0, 0, Status.malformed.rawValue])
    #expect(try daemon.stop() == .exited(0))
  }

  // MARK: Requests

  private struct Tokens {
    var all: [[UInt8]]
    var position: UInt64
  }

  private static func tokens(_ rig: ValidationRig) throws -> Tokens {
    let app = try rig.register()
    let dead = try rig.issue(app).accessToken
    try rig.call(RevokeRequest(subject: dead))
    let all = [
      try rig.issue(app).accessToken, try rig.issue(app, user: "").accessToken,
      try rig.issue(app, scope: "read write", audience: "https://api.example").accessToken,
      try rig.issue(app, scope: "read").accessToken,
      try rig.issue(app, lifetimeSeconds: 60, agoSeconds: 3_600).accessToken,
      dead, [], Array("x".utf8), DecisionTests.forged, rig.neverIssued(),
    ]
    return Tokens(all: all, position: rig.position)
  }

  private static func request(
    _ tokens: Tokens, _ rig: ValidationRig, _ random: inout SplitMix64
  ) -> ValidateRequest {
    let count = random.pick([1, 1, 1, 3, 40])
    return ValidateRequest(
      form: random.pick([.verdict, .identity]), flags: random.pick([0, 0, 1]),
      atLeastPosition: random.pick([0, 0, 0, tokens.position, tokens.position + 1]),
      requiredScopes: random.pick(["", "", "read", "read write", " bad"]),
      audience: random.pick(["", "", "https://api.example", String(repeating: "a", count: 513)]),
      tokens: (0..<count).map { _ in String(decoding: random.pick(tokens.all), as: UTF8.self) })
  }

  private static func frame(_ request: ValidateRequest, requestId: UInt32) throws -> [UInt8] {
    var writer = WireWriter()
    try writer.request(request, requestId: requestId)
    return writer.contents
  }

  /// The frames without the seconds that are left, which pass between two runs of the same
  /// requests.
  private static func withoutSeconds(_ output: [UInt8]) throws -> [[UInt8]] {
    var rest = output[...]
    var frames: [[UInt8]] = []
    while !rest.isEmpty {
      let header = try #require(RawFrame.read(rest)?.frame)
      let size = 16 + header.body.count
      var bytes = Array(rest.prefix(size))
      if header.status == 0, header.body.first == ValidateRequest.Form.verdict.rawValue {
        for element in stride(from: 19, to: size, by: 8) {
          for place in element + 4..<element + 8 { bytes[place] = 0 }
        }
      }
      frames.append(bytes)
      rest = rest.dropFirst(size)
    }
    return frames
  }
}
