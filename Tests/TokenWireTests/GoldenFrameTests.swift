import Testing

@testable import TokenWire

/// The frame vectors: what a header, a connection state, a right and a body make of a request.
/// The state is modelled here in the contract's order (header, state, opcode, right, body); the
/// verdicts are this module's.
@Suite struct GoldenFrameTests {
  /// What one side does with the bytes of a vector.
  private enum Answer: Equatable {
    case wait
    /// The status is that of a client's side, where 0 is no error.
    case accept(opcode: Int, requestId: Int, status: Int = 0)
    case error(Status, opcode: Int, requestId: Int)
    case close

    init?(_ expect: JSONValue?) {
      let opcode = expect?["opcode"]?.int ?? -1
      let requestId = expect?["requestId"]?.int ?? -1
      switch expect?["outcome"]?.string {
      case "wait": self = .wait
      case "close": self = .close
      case "accept":
        self = .accept(
          opcode: opcode, requestId: requestId, status: expect?["status"]?.int ?? 0)
      case "error":
        guard let status = Status(rawValue: UInt16(expect?["status"]?.int ?? -1)) else {
          return nil
        }
        self = .error(status, opcode: opcode, requestId: requestId)
      default: return nil
      }
    }
  }

  private struct Asked {
    let opcode: UInt16
    /// Of a VALIDATE whose form matters.
    let form: Int?
    let count: Int?
  }

  private struct Context {
    let hello: Bool
    let maxFrame: Int
    let rights: RightSet
    let draining: Bool
    /// What a client asked and has no reply to, by its id.
    let outstanding: [UInt32: Asked]

    init(_ json: JSONValue?) {
      hello = json?["hello"]?.isTrue ?? false
      maxFrame = json?["maxFrame"]?.int ?? 0
      rights = RightSet(rawValue: UInt32(json?["rights"]?.int ?? 0))
      draining = json?["draining"]?.isTrue ?? false
      var asked: [UInt32: Asked] = [:]
      for request in json?["outstanding"]?.elements ?? [] {
        asked[UInt32(request["requestId"]?.int ?? 0)] = Asked(
          opcode: UInt16(request["opcode"]?.int ?? 0), form: request["form"]?.int,
          count: request["count"]?.int)
      }
      outstanding = asked
    }
  }

  private func answerOfServer(to bytes: [UInt8], _ context: Context) -> Answer {
    let reader = FrameReader(
      .requests, version: context.hello ? 1 : nil,
      maxFrame: context.hello ? context.maxFrame : WireLimits.helloBodyBytes)
    let span = unsafe bytes.span.bytes
    switch reader.scan(span) {
    case .needsMore: return .wait
    case .fault(let fault, let header):
      return .error(fault.status, opcode: Int(header.opcode), requestId: Int(header.requestId))
    case .frame(let header, let body):
      let status = judge(header, Array(bytes[body]), context)
      let (opcode, id) = (Int(header.opcode), Int(header.requestId))
      guard let status else { return .accept(opcode: opcode, requestId: id) }
      return .error(status, opcode: opcode, requestId: id)
    }
  }

  private func judge(_ header: FrameHeader, _ body: [UInt8], _ context: Context) -> Status? {
    guard context.hello else { return judgeHello(header, body, context) }
    guard let opcode = Opcode(rawValue: header.opcode) else { return .unsupported }
    if opcode == .hello { return .malformed }
    guard opcode.isAllowed(with: context.rights) else { return .denied }
    guard let shape = WireCase.requests.first(where: { $0.opcode == opcode }) else {
      return .unsupported
    }
    do { _ = try shape.decode(body) } catch { return error.status }
    return context.draining && opcode.isMutation ? .draining : nil
  }

  private func judgeHello(
    _ header: FrameHeader, _ body: [UInt8], _ context: Context
  ) -> Status? {
    guard header.opcode == Opcode.hello.rawValue else { return .helloRequired }
    do {
      let hello = try HelloRequest(body: body)
      let mine = UInt16(WireLimits.version)
      guard hello.minVersion <= mine, mine <= hello.maxVersion else { return .version }
      return context.draining ? .draining : nil
    } catch {
      return error.status
    }
  }

  /// What a client does with one frame after the other, up to the first that it does not accept.
  private func answersOfClient(to bytes: [UInt8], _ context: Context) -> [Answer] {
    let reader = FrameReader(.replies, version: 1, maxFrame: context.maxFrame)
    let span = unsafe bytes.span.bytes
    var (offset, outstanding, answers) = (0, context.outstanding, [Answer]())
    repeat {
      switch reader.scan(span, from: offset) {
      case .needsMore: return answers + [.wait]
      case .fault: return answers + [.close]
      case .frame(let header, let body):
        let id = header.requestId
        let asked = id == 0 ? nil : outstanding.removeValue(forKey: id)
        let belongs = id == 0 ? header.status != 0 : asked?.opcode == header.opcode
        guard belongs, isWhatWasAsked(header, Array(bytes[body]), asked) else {
          return answers + [.close]
        }
        answers.append(
          .accept(
            opcode: Int(header.opcode), requestId: Int(id), status: Int(header.status)))
        offset = body.upperBound
      }
    } while offset < bytes.count
    return answers
  }

  /// Whether a reply's body can be read, and has the form and the number of elements asked for.
  private func isWhatWasAsked(_ header: FrameHeader, _ body: [UInt8], _ asked: Asked?) -> Bool {
    let isError = header.status != 0
    let shape = WireCase.replies.first {
      isError
        ? $0.direction == .error
        : $0.direction != .error && $0.opcode?.rawValue == header.opcode
    }
    guard let shape, let value = try? shape.decode(body) else { return false }
    guard !isError, let form = asked?.form else { return true }
    let fields = vectorForm(value)
    let list = fields["verdicts"] ?? fields["identities"]
    return fields["form"]?.int == form && list?.elements.count == asked?.count
  }

  /// The answers that a vector's `expect`, and the `next` in it, say.
  private func expected(_ expect: JSONValue?) -> [Answer?] {
    [Answer(expect)] + (expect?["next"].map { expected($0) } ?? [])
  }

  @Test func everyFrameVectorIsAnsweredAsItSays() throws {
    for vector in try GoldenVectorTests.vectors("frames") {
      let name = vector["name"]?.string ?? "?"
      let bytes = vector["hex"]?.hex ?? []
      let context = Context(vector["context"])
      let answers =
        vector["side"]?.string == "server"
        ? [answerOfServer(to: bytes, context)] : answersOfClient(to: bytes, context)
      #expect(answers == expected(vector["expect"]), "\(name)")
    }
  }
}
