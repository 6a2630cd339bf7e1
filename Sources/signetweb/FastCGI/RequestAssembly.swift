/// One connection's requests, from records: pure, no descriptor and no clock.
///
/// Requests may come interleaved, under ids that the web server chooses and uses again. A request
/// is *receiving* until both its parameters and its body have ended, then *answering* until
/// `finish` or an abort. Records for an id that names no request are dropped, as the protocol asks:
/// the web server may not have read our end of it yet.
struct RequestAssembly: Sendable {
  /// What the connection has to do, in order.
  enum Action: Equatable, Sendable {
    case send([UInt8])
    /// Answer this request. Its serial number comes back in `finish` or in `drop`.
    case answer(AssembledRequest)
    /// The web server does not want this answer any more.
    case drop(serial: UInt64)
    /// Send what is queued, then close.
    case closeAfterSending
    /// The peer broke the protocol: close at once.
    case fail(String)
  }

  private struct Open {
    let serial: UInt64
    let keepsConnection: Bool
    var parameters: [UInt8] = []
    var body: [UInt8] = []
    var hasParameters = false
    var hasBody = false
    var isAnswering = false
  }

  private var requests: [UInt16: Open] = [:]
  private var lastSerial: UInt64 = 0
  /// Bytes of parameters and bodies that are kept.
  private(set) var keptBytes = 0
  /// While it is true, no new request is taken.
  var isDraining = false

  /// Requests that are receiving or answering.
  var count: Int { requests.count }

  /// Whether a request has begun and not come to its end yet.
  var isReceiving: Bool { requests.values.contains { !$0.isAnswering } }

  /// Takes one record in.
  mutating func take(_ record: Record) -> [Action] {
    if record.requestID == 0 { return [.send(Self.management(record))] }
    switch record.type {
    case Record.Kind.beginRequest: return begin(record)
    case Record.Kind.parameters: return takeParameters(record)
    case Record.Kind.standardInput: return takeBody(record)
    case Record.Kind.abortRequest: return abort(record.requestID)
    // DATA is for a role that nobody has here; the rest means nothing.
    default: return []
    }
  }

  /// The answer to a request is ready. Nothing when it was dropped meanwhile.
  mutating func finish(_ requestID: UInt16, serial: UInt64, _ output: [UInt8]) -> [Action] {
    guard let open = requests[requestID], open.serial == serial, open.isAnswering else {
      return []
    }
    return end(requestID, RecordWriter.answer(requestID, output))
  }

  /// Forgets requests that are not whole: the peer sends no more.
  mutating func dropIncomplete() {
    for (id, open) in requests where !open.isAnswering {
      keptBytes -= open.parameters.count + open.body.count
      requests[id] = nil
    }
  }

  private static func management(_ record: Record) -> [UInt8] {
    record.type == Record.Kind.getValues
      ? RecordWriter.values(asked: record.content) : RecordWriter.unknownType(record.type)
  }

  private mutating func begin(_ record: Record) -> [Action] {
    let id = record.requestID
    guard record.content.count >= 3 else { return [.fail("a BEGIN_REQUEST is too short")] }
    guard requests[id] == nil else { return [.fail("request \(id) began twice")] }
    let role = Int(record.content[0]) << 8 | Int(record.content[1])
    let keepsConnection = record.content[2] & 1 != 0
    let refusal: RecordWriter.ProtocolStatus? =
      role != 1
      ? .unknownRole
      : requests.count >= WebLimits.requestsPerConnection || isDraining ? .overloaded : nil
    if let refusal {
      return [.send(RecordWriter.end(id, refusal))] + (keepsConnection ? [] : [.closeAfterSending])
    }
    lastSerial += 1
    requests[id] = Open(serial: lastSerial, keepsConnection: keepsConnection)
    return []
  }

  private mutating func takeParameters(_ record: Record) -> [Action] {
    let id = record.requestID
    guard let hasParameters = requests[id]?.hasParameters else { return [] }
    if hasParameters { return [.fail("request \(id) has parameters after their end")] }
    if record.content.isEmpty {
      requests[id]?.hasParameters = true
      return complete(id)
    }
    let count = (requests[id]?.parameters.count ?? 0) + record.content.count
    if count > WebLimits.parameterBytes {
      return refuse(id, 431, "the header of the request is too large")
    }
    // In place: a copy of the request would make every append copy what is there.
    requests[id]?.parameters += record.content
    return keep(record.content.count, of: id)
  }

  private mutating func takeBody(_ record: Record) -> [Action] {
    let id = record.requestID
    // Input after its end changes nothing any more.
    guard requests[id]?.hasBody == false else { return [] }
    if record.content.isEmpty {
      requests[id]?.hasBody = true
      return complete(id)
    }
    let count = (requests[id]?.body.count ?? 0) + record.content.count
    if count > WebLimits.bodyBytes {
      return refuse(id, 413, "the body of the request is too large")
    }
    requests[id]?.body += record.content
    return keep(record.content.count, of: id)
  }

  private mutating func keep(_ byteCount: Int, of id: UInt16) -> [Action] {
    keptBytes += byteCount
    if keptBytes <= WebLimits.connectionBytes { return [] }
    return end(id, RecordWriter.end(id, .overloaded))
  }

  /// Hands a request over when both of its streams have ended.
  private mutating func complete(_ id: UInt16) -> [Action] {
    guard let open = requests[id], open.hasParameters, open.hasBody else { return [] }
    keptBytes -= open.parameters.count + open.body.count
    requests[id]?.isAnswering = true
    requests[id]?.parameters = []
    requests[id]?.body = []
    return [
      .answer(
        AssembledRequest(
          requestID: id, serial: open.serial, parameters: open.parameters, body: open.body))
    ]
  }

  private mutating func abort(_ id: UInt16) -> [Action] {
    guard let open = requests[id] else { return [] }
    let actions = end(id, RecordWriter.end(id, .complete))
    return (open.isAnswering ? [.drop(serial: open.serial)] : []) + actions
  }

  /// An answer of our own to a request that is not worth a worker.
  private mutating func refuse(_ id: UInt16, _ status: Int, _ message: String) -> [Action] {
    end(id, RecordWriter.answer(id, CGIOutput.bytes(.text(status, message), isHead: false)))
  }

  /// Forgets a request after its last bytes.
  private mutating func end(_ id: UInt16, _ lastBytes: [UInt8]) -> [Action] {
    guard let open = requests.removeValue(forKey: id) else { return [] }
    keptBytes -= open.parameters.count + open.body.count
    return [.send(lastBytes)] + (open.keepsConnection ? [] : [.closeAfterSending])
  }
}
