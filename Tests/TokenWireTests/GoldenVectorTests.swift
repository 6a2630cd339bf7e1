import Testing

@testable import TokenWire

/// The golden vectors beside the protocol's prose, made by a generator that shares no code with
/// this module. A file that is not there is a failure once the directory is.
@Suite struct GoldenVectorTests {
  static func vectors(_ file: String) throws -> [JSONValue] {
    guard let json = try JSONValue.file("proto-spec/vectors/\(file).json") else {
      let others = try JSONValue.file("proto-spec/schema.json")
      #expect(others == nil, "proto-spec is there, vectors/\(file).json is not")
      return []
    }
    #expect(json["format"]?.string == "signet-vectors-1")
    let vectors = json["vectors"]?.elements ?? []
    #expect(!vectors.isEmpty)
    return vectors
  }

  /// The shape that a vector's operation and direction name.
  static func shape(of vector: JSONValue) -> WireCase? {
    let direction = vector["direction"]?.string
    if direction == "error" { return WireCase.replies.first { $0.direction == .error } }
    let shapes = direction == "request" ? WireCase.requests : WireCase.replies
    return shapes.first {
      $0.direction != .error && Int($0.opcode?.rawValue ?? 0) == vector["opcode"]?.int
        && $0.opcode?.name == vector["operation"]?.string
    }
  }

  static func header(_ json: JSONValue?) -> FrameHeader? {
    guard let json, let length = json["length"]?.int, let version = json["version"]?.int,
      let flags = json["flags"]?.int, let opcode = json["opcode"]?.int,
      let requestId = json["requestId"]?.int, let status = json["status"]?.int
    else { return nil }
    return FrameHeader(
      length: UInt32(length), version: UInt8(version), flags: UInt8(flags),
      opcode: UInt16(opcode), requestId: UInt32(requestId), status: UInt16(status))
  }

  /// Finds the one frame that a vector's bytes are.
  static func frame(_ bytes: [UInt8], request: Bool) -> (FrameHeader, [UInt8])? {
    let reader = FrameReader(
      request ? .requests : .replies, version: 1, maxFrame: WireLimits.frameBytesMax)
    let span = unsafe bytes.span.bytes
    guard case .frame(let header, let body) = reader.scan(span), body.upperBound == bytes.count
    else { return nil }
    return (header, Array(bytes[body]))
  }

  /// Records the fields that differ, not the whole message.
  static func expect(_ value: any WireFields, is fields: JSONValue?, _ name: String) {
    let form = vectorForm(value)
    guard form != fields else { return }
    guard case .object(let mine) = form, case .object(let theirs)? = fields else {
      Issue.record("\(name): no fields")
      return
    }
    let differing = Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }
    Issue.record("\(name): \(differing.sorted()) differ")
  }

  @Test func everyMessageVectorDecodesAndEncodesBack() throws {
    for vector in try Self.vectors("messages") {
      let name = vector["name"]?.string ?? "?"
      guard let bytes = vector["hex"]?.hex, let shape = Self.shape(of: vector),
        let (header, body) = Self.frame(
          bytes, request: vector["direction"]?.string == "request")
      else {
        Issue.record("\(name): not one whole frame of a known operation")
        continue
      }
      #expect(header == Self.header(vector["header"]), "\(name)")
      do {
        let value = try shape.decode(body)
        Self.expect(value, is: vector["fields"], name)
        var writer = WireWriter()
        let mark = writer.beginFrame(header)
        value.write(to: &writer)
        try writer.endFrame(mark)
        if writer.contents != bytes { Issue.record("\(name): encodes to other bytes") }
      } catch {
        Issue.record("\(name): \(error)")
      }
    }
  }

  @Test func everyBodyVectorIsJudgedAsItSays() throws {
    for vector in try Self.vectors("bodies") {
      let name = vector["name"]?.string ?? "?"
      guard let bytes = vector["hex"]?.hex, let shape = Self.shape(of: vector),
        let (_, body) = Self.frame(bytes, request: vector["direction"]?.string == "request")
      else {
        Issue.record("\(name): not one whole frame of a known operation")
        continue
      }
      let decoded = Result { try shape.decode(body) }
      switch decoded {
      case .success(let value):
        #expect(vector["fault"] == nil, "\(name): accepted")
        Self.expect(value, is: vector["fields"], name)
      case .failure(let error):
        #expect(vector["fields"] == nil, "\(name): refused, \(error)")
        let fault = error as? WireFault
        #expect(fault?.status.name == vector["fault"]?.string, "\(name)")
      }
      if shape.opcode == .validate, shape.direction == .request {
        let span = unsafe body.span.bytes
        let view = Result { _ = try ValidateRequestView(span) }
        #expect((try? view.get()) != nil || vector["fault"] != nil, "\(name): view")
        #expect((try? view.get()) == nil || vector["fault"] == nil, "\(name): view")
      }
    }
  }
}
