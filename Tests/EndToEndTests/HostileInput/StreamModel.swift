import TestSupport
import Testing

/// What a server has to answer to a stream of bytes behind HELLO, by the protocol's own rules and
/// the schema's decoder.
struct StreamModel {
  enum Expectation: Equatable {
    /// Exactly this status; the connection stays.
    case refused(UInt16)
    /// This last error frame, then the end.
    case fatal(UInt16)
    /// Well formed: OK, or a refusal that is not fatal.
    case judged
    /// Well formed and always OK: PING and BARRIER.
    case fine
  }

  struct Request {
    let requestId: UInt32
    let opcode: UInt16
    let expectation: Expectation
  }

  private(set) var requests: [Request] = []
  var isFatal: Bool {
    if case .fatal = requests.last?.expectation { return true }
    return false
  }

  static let malformed: UInt16 = 1
  static let unsupported: UInt16 = 2
  static let frameTooLarge: UInt16 = 5
  static let denied: UInt16 = 6
  /// Statuses after which a server closes.
  static let fatal: Set<UInt16> = [1, 3, 4, 5, 13, 14]

  init(_ stream: [UInt8], rights: UInt32, maxFrame: Int) {
    var rest = stream[...]
    while rest.count >= 16, !isFatal {
      let header = RawFrame(header: rest, body: [])
      if let status = Self.headerFault(header, maxFrame) {
        add(header, .fatal(status))
        return
      }
      let length = Int(header.statedLength ?? 0)
      guard rest.count >= 16 + length else { return }
      let body = Array(rest.dropFirst(16).prefix(length))
      add(header, Self.expectation(header.opcode, body, rights))
      rest = rest.dropFirst(16 + length)
    }
  }

  private mutating func add(_ header: RawFrame, _ expectation: Expectation) {
    requests.append(
      Request(
        requestId: header.requestId, opcode: header.opcode, expectation: expectation))
  }

  private static func headerFault(_ header: RawFrame, _ maxFrame: Int) -> UInt16? {
    if header.version != 1 || header.flags != 0 || header.opcode >= 0xF000 { return malformed }
    if header.requestId == 0 || header.status != 0 || header.reserved != 0 { return malformed }
    return Int(header.statedLength ?? 0) > maxFrame ? frameTooLarge : nil
  }

  private static func expectation(
    _ opcode: UInt16, _ body: [UInt8], _ rights: UInt32
  ) -> Expectation {
    guard let operation = ProtocolSchema.shared.byOpcode[opcode] else {
      return .refused(unsupported)
    }
    if operation.rights != 0 && operation.rights & rights == 0 { return .refused(denied) }
    if operation.name == "HELLO" { return .fatal(malformed) }
    let walk = BodyWalk(body, of: operation)
    if walk.fault != nil { return .fatal(malformed) }
    return operation.rights == 0 ? .fine : .judged
  }

  /// Why these replies, read up to the end of the connection, are not right; nil = they are.
  func fault(of replies: [RawFrame], rest: [UInt8]) -> String? {
    if !rest.isEmpty { return "half a frame came: \(hexText(rest))" }
    var open = requests
    for (index, reply) in replies.enumerated() {
      if reply.flags != 1 || reply.version != 1 || reply.reserved != 0 {
        return "bad header of reply \(index): \(hexText(Array(reply.bytes.prefix(16))))"
      }
      guard let match = open.firstIndex(where: { Self.answers(reply, $0) }) else {
        return Self.surprise(reply, open)
      }
      if case .fatal = open[match].expectation, index + 1 != replies.count {
        return "frames came behind the last error frame"
      }
      open.remove(at: match)
    }
    if isFatal {
      guard case .fatal = open.last?.expectation else { return nil }
      return "no last error frame for request \(open.last?.requestId ?? 0)"
    }
    return open.isEmpty ? nil : "no answer to requests \(open.map(\.requestId))"
  }

  private static func answers(_ reply: RawFrame, _ request: Request) -> Bool {
    guard reply.requestId == request.requestId, reply.opcode == request.opcode else {
      return false
    }
    switch request.expectation {
    case .refused(let status), .fatal(let status): return reply.status == status
    case .judged: return !fatal.contains(reply.status)
    case .fine: return reply.status == 0
    }
  }

  private static func surprise(_ reply: RawFrame, _ open: [Request]) -> String {
    let names = ProtocolSchema.shared.statusNames
    let wanted = open.filter { $0.requestId == reply.requestId }.map { "\($0.expectation)" }
    return "opcode \(reply.opcode), request \(reply.requestId) was answered "
      + "\(names[reply.status] ?? "\(reply.status)"), expected \(wanted); "
      + String(decoding: reply.body, as: UTF8.self)
  }
}
