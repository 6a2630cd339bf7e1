/// Records as bytes.
enum RecordWriter {
  /// How a request ended, for the web server (FastCGI 1.0 section 5.5).
  enum ProtocolStatus: UInt8 {
    case complete = 0
    case cannotMultiplex = 1
    case overloaded = 2
    case unknownRole = 3
  }

  /// One record, padded to a multiple of eight.
  static func append(
    _ type: UInt8, _ requestID: UInt16, _ content: ArraySlice<UInt8>, to bytes: inout [UInt8]
  ) {
    precondition(content.count <= 65_535, "a record's content has a length of 16 bits")
    let padding = (8 - content.count % 8) % 8
    bytes += [
      Record.version, type, UInt8(requestID >> 8), UInt8(requestID & 0xFF),
      UInt8(content.count >> 8), UInt8(content.count & 0xFF), UInt8(padding), 0,
    ]
    bytes += content
    bytes += repeatElement(0, count: padding)
  }

  /// A whole answer: its output in as many records as it takes, the end of the output, the end of
  /// the request.
  static func answer(_ requestID: UInt16, _ output: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(output.count + output.count / 4_096 + 64)
    var start = 0
    while start < output.count {
      let end = min(start + WebLimits.recordContentBytes, output.count)
      append(Record.Kind.standardOutput, requestID, output[start..<end], to: &bytes)
      start = end
    }
    append(Record.Kind.standardOutput, requestID, [], to: &bytes)
    bytes += end(requestID, .complete)
    return bytes
  }

  /// The end of a request.
  static func end(_ requestID: UInt16, _ status: ProtocolStatus) -> [UInt8] {
    var bytes: [UInt8] = []
    append(
      Record.Kind.endRequest, requestID, [0, 0, 0, 0, status.rawValue, 0, 0, 0], to: &bytes)
    return bytes
  }

  /// The answer to a management record of an unknown type.
  static func unknownType(_ type: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    append(Record.Kind.unknownType, 0, [type, 0, 0, 0, 0, 0, 0, 0], to: &bytes)
    return bytes
  }

  /// The answer to GET_VALUES: those of the names asked for that are known.
  static func values(asked content: [UInt8]) -> [UInt8] {
    let known: [(name: String, value: String)] = [
      ("FCGI_MAX_CONNS", "\(WebLimits.connections)"),
      ("FCGI_MAX_REQS", "\(WebLimits.requestsInFlight)"),
      ("FCGI_MPXS_CONNS", "1"),
    ]
    let asked = (try? ParameterList(content))?.entries.map(\.name) ?? []
    var pairs: [UInt8] = []
    for (name, value) in known where asked.contains(where: { $0.elementsEqual(name.utf8) }) {
      // All are shorter than 128 bytes, so their lengths take one byte.
      pairs += [UInt8(name.utf8.count), UInt8(value.utf8.count)] + name.utf8 + value.utf8
    }
    var bytes: [UInt8] = []
    append(Record.Kind.getValuesResult, 0, pairs[...], to: &bytes)
    return bytes
  }
}
