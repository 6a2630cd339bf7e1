/// Fields in wire order: a whole body, or the inside of a group.
///
/// `init(parsing:)` reads exactly the fields of this version and leaves later versions' bytes for
/// whoever holds the end of the body or group. It judges structure only: lengths and meanings of
/// values are for the rules.
public protocol WireFields: Equatable, Sendable {
  init(parsing reader: inout WireReader) throws(WireFault)
  func write(to writer: inout WireWriter)
}

extension WireFields {
  /// Decodes a whole body; bytes after the last field are ignored.
  public init(body: RawSpan) throws(WireFault) {
    var reader = WireReader(body)
    try self.init(parsing: &reader)
  }

  /// Decodes a whole body; bytes after the last field are ignored.
  public init(body: [UInt8]) throws(WireFault) {
    // The span does not outlive this scope and the array is not changed meanwhile.
    let bytes = unsafe body.span.bytes
    try self.init(body: bytes)
  }

  /// The encoded body, or a fault if a field is longer than its length can say.
  public func encodedBody() throws(WireFault) -> [UInt8] {
    var writer = WireWriter(capacity: 256)
    write(to: &writer)
    if let fault = writer.fault { throw fault }
    return writer.contents
  }
}

/// What a reply's body is written from.
public protocol ReplyBody: Sendable {
  func write(to writer: inout WireWriter)
}

/// The body of a reply.
public protocol ReplyMessage: WireFields, ReplyBody {}

/// A reply of the commit lane: begins with the position at which it was decided.
public protocol LaneReply: ReplyMessage {
  var position: UInt64 { get set }
}

/// The body of a request; knows its operation and the shape of its answer.
public protocol RequestMessage: WireFields {
  associatedtype Reply: ReplyMessage
  static var opcode: Opcode { get }
}

/// A request that changes state: begins with an idempotency key, `.zero` for none. A client may
/// send the same bytes again only when the key is not zero.
public protocol MutationMessage: RequestMessage where Reply: LaneReply {
  var key: Bytes16 { get set }
}
