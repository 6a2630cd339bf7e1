import Testing
import TokenWire

@testable import signetbench

@Suite struct SignetCodecTests {
  private func validate(
    _ store: TokenStore, identity: Bool, mix: TokenMix = TokenMix(), batch: Int = 2
  ) -> ValidateExchange {
    ValidateExchange(
      LoadShape(connections: 1, depth: 2, batch: batch), store, mix, wantsIdentity: identity,
      startMillis: 1_000)
  }

  private func frame(_ message: some ReplyMessage, opcode: Opcode = .validate) throws -> [UInt8] {
    var writer = WireWriter()
    try writer.reply(message, opcode: opcode, requestId: 2)
    return writer.contents
  }

  private func identity(_ user: UInt32, _ store: TokenStore) -> Identity {
    Identity(
      verdict: 0, subjectKind: 1, expiresAt: 2_000, subject: UserName.bytes(user),
      clientId: store.clientId, scope: Array("user".utf8))
  }

  @Test(arguments: [false, true])
  func theRequestIsWhatTheWireModuleWrites(_ wantsIdentity: Bool) throws {
    let store = try sampleStore(1)
    var codec = SignetCodec(validate(store, identity: wantsIdentity))
    var writer = WireWriter()
    try writer.request(
      ValidateRequest(
        form: wantsIdentity ? .identity : .verdict, flags: 0, atLeastPosition: 0,
        requiredScopes: [], audience: [], tokens: [store.text(0), store.text(0)]),
      requestId: 2)
    #expect(codec.request(slot: 1) == writer.contents)
  }

  @Test func identitiesCutAnywhereAreOneReply() throws {
    let store = try sampleStore(1)
    let bytes = try frame(ValidateReply.identities([identity(0, store), identity(0, store)]))
    for cut in 0...bytes.count {
      var codec = SignetCodec(validate(store, identity: true))
      _ = codec.request(slot: 1)
      let (replies, broken) = codec.answer(bytes, cut: cut)
      #expect(!broken)
      #expect(replies == [Reply(slot: 1, byteCount: bytes.count, tokens: 2, wrong: 0)])
    }
  }

  @Test func eachWrongFieldOfAnIdentityIsFound() throws {
    let store = try sampleStore(1)
    let good = identity(0, store)
    var wrong = Array(repeating: good, count: 7)
    wrong[0].verdict = 5
    wrong[1].subject = UserName.bytes(1)
    wrong[2].clientId[3] ^= 1
    wrong[3].scope = Array("usex".utf8)
    wrong[4].audience = [0x61]
    wrong[5].expiresAt = 1_000
    wrong[6].subjectKind = 2
    for bad in wrong {
      var codec = SignetCodec(validate(store, identity: true))
      _ = codec.request(slot: 1)
      let bytes = try frame(ValidateReply.identities([good, bad]))
      #expect(codec.answer(bytes, cut: 0).replies.map(\.wrong) == [1], "\(bad)")
    }
  }

  @Test func verdictsOfLiveTokensMustBeValidWithTimeLeft() throws {
    let store = try sampleStore(1)
    for (verdict, seconds, wrong) in [(0, 5, 0), (0, 0, 1), (5, 0, 1), (6, 0, 1), (3, 0, 1)] {
      var codec = SignetCodec(validate(store, identity: false))
      _ = codec.request(slot: 1)
      let element = VerdictElement(
        verdict: UInt8(verdict), expiresInSeconds: UInt32(seconds))
      let good = VerdictElement(verdict: 0, expiresInSeconds: 9)
      let bytes = try frame(ValidateReply.verdicts([good, element]))
      #expect(codec.answer(bytes, cut: 20).replies.map(\.wrong) == [wrong])
    }
  }

  private static let dead: [(TokenMix, [UInt8])] = [
    (TokenMix(revokedPercent: 100), [5, 6]), (TokenMix(expiredPercent: 100), [4, 6]),
    (TokenMix(forgedPercent: 100), [3]),
  ]

  @Test(arguments: dead)
  func deadTokensMustBeToldDead(_ mix: TokenMix, _ allowed: [UInt8]) throws {
    let store = try sampleStore(1)
    for verdict in 0...9 as ClosedRange<UInt8> {
      var codec = SignetCodec(validate(store, identity: false, mix: mix, batch: 1))
      _ = codec.request(slot: 1)
      let element = VerdictElement(verdict: verdict, expiresInSeconds: verdict == 0 ? 1 : 0)
      let bytes = try frame(ValidateReply.verdicts([element]))
      let wrong = allowed.contains(verdict) ? 0 : 1
      #expect(codec.answer(bytes, cut: 0).replies.map(\.wrong) == [wrong])
    }
  }

  @Test func aReplyToNothingAndTooFewElementsEndTheRun() throws {
    let store = try sampleStore(1)
    var codec = SignetCodec(validate(store, identity: false))
    _ = codec.request(slot: 1)
    let one = VerdictElement(verdict: 0, expiresInSeconds: 9)
    #expect(codec.answer(try frame(ValidateReply.verdicts([one])), cut: 0).broken)
    let other = try frame(ValidateReply.verdicts([one, one]), opcode: .ping)
    #expect(codec.answer(other, cut: 0).broken)
  }

  @Test func anErrorFrameIsARefusalInTheServersWords() throws {
    let store = try sampleStore(1)
    var codec = SignetCodec(validate(store, identity: false))
    _ = codec.request(slot: 1)
    var writer = WireWriter()
    writer.error(
      .busy, ErrorBody(.busy, message: "later"), opcode: Opcode.validate.rawValue, requestId: 2)
    #expect(codec.answer(writer.contents, cut: 0).replies.map(\.refusal) == ["BUSY: later"])
  }

  @Test func anEchoMustBeTheTokensThatWereSent() throws {
    let store = try sampleStore(1)
    var codec = EchoCodec(validate(store, identity: false))
    var bytes = codec.request(slot: 1) ?? []
    bytes[5] = 1
    #expect(codec.answer(bytes, cut: 40).replies.map(\.wrong) == [0])
    bytes[bytes.count - 1] ^= 1
    #expect(codec.answer(bytes, cut: 40).replies.map(\.wrong) == [1])
  }
}
