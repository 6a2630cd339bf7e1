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
        #expect(vectorForm(value) == vector["fields"], "\(name)")
        var writer = WireWriter()
        let mark = writer.beginFrame(header)
        value.write(to: &writer)
        try writer.endFrame(mark)
        #expect(writer.contents == bytes, "\(name)")
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
        #expect(vectorForm(value) == vector["fields"], "\(name)")
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

  /// The header's part of the frame vectors; connection state and rights are the server's.
  @Test func everyFrameVectorIsScannedAsItSays() throws {
    let elsewhere = ["HELLO_REQUIRED", "DENIED", "UNSUPPORTED", "DRAINING", "VERSION"]
    for vector in try Self.vectors("frames") {
      let name = vector["name"]?.string ?? "?"
      let expect = vector["expect"]
      if elsewhere.contains(expect?["statusName"]?.string ?? "") { continue }
      let isServer = vector["side"]?.string == "server"
      let hello = vector["context"]?["hello"]?.isTrue ?? true
      let maxFrame = vector["context"]?["maxFrame"]?.int ?? WireLimits.frameBytesDefault
      let reader = FrameReader(
        isServer ? .requests : .replies, version: hello ? 1 : nil,
        maxFrame: hello ? maxFrame : WireLimits.helloBodyBytes)
      let bytes = vector["hex"]?.hex ?? []
      let span = unsafe bytes.span.bytes
      let scan = reader.scan(span)
      switch (expect?["outcome"]?.string, scan) {
      case ("wait", .needsMore): break
      case ("accept", .frame(let header, _)):
        #expect(Int(header.opcode) == expect?["opcode"]?.int, "\(name)")
        #expect(Int(header.requestId) == expect?["requestId"]?.int, "\(name)")
      case ("error", .fault(let fault, let header)):
        #expect(Int(fault.status.rawValue) == expect?["status"]?.int, "\(name)")
        #expect(Int(header.opcode) == expect?["opcode"]?.int, "\(name)")
        #expect(Int(header.requestId) == expect?["requestId"]?.int, "\(name)")
      case ("close", .fault) where !isServer: break
      default: Issue.record("\(name): \(scan)")
      }
    }
  }
}
