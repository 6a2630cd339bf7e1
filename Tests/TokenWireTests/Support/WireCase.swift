import Testing

@testable import TokenWire

/// One shape of the protocol with its type erased, so that a test can walk all of them.
struct WireCase: CustomTestStringConvertible, Sendable {
  enum Direction: Sendable { case request, reply, error, group }

  let testDescription: String
  let direction: Direction
  let opcode: Opcode?
  /// A random value and its bytes.
  let sample: @Sendable (inout WireRandom) throws -> (value: any WireFields, bytes: [UInt8])
  /// Decodes a body.
  let decode: @Sendable ([UInt8]) throws(WireFault) -> any WireFields
  /// Whether a body decodes to the value given.
  let matches: @Sendable ([UInt8], any WireFields) throws -> Bool
  /// Decodes the shape as a group that is followed by one marker byte, which has to be found.
  let decodeGroup: @Sendable ([UInt8]) throws -> (value: any WireFields, marker: UInt8)

  init<T: WireFields & Arbitrary>(
    _ type: T.Type, direction: Direction = .group, opcode: Opcode? = nil, name: String? = nil
  ) {
    testDescription = name ?? "\(type)"
    self.direction = T.self == ErrorBody.self ? .error : direction
    self.opcode = opcode
    sample = { random in
      let value = T.arbitrary(&random)
      return (value, try value.encodedBody())
    }
    decode = { body throws(WireFault) in try T(body: body) }
    matches = { body, value in try T(body: body) == (value as? T) }
    decodeGroup = { bytes in
      let span = unsafe bytes.span.bytes
      var reader = WireReader(span)
      let value = try reader.group(T.self, "group")
      return (value, try reader.u8("marker"))
    }
  }

  init<T: RequestMessage & Arbitrary>(request type: T.Type) {
    self.init(type, direction: .request, opcode: T.opcode)
  }

  init<T: RequestMessage>(replyTo type: T.Type) where T.Reply: Arbitrary {
    self.init(
      T.Reply.self, direction: .reply, opcode: T.opcode,
      name: "\(T.Reply.self) of \(T.opcode.name)")
  }
}
