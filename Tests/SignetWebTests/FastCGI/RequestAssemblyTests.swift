import Testing

@testable import signetweb

@Suite("Request assembly")
struct RequestAssemblyTests {
  private typealias Action = RequestAssembly.Action

  private func take(_ assembly: inout RequestAssembly, _ stream: [UInt8]) throws -> [Action] {
    var reader = RecordReader()
    reader.append(stream)
    var actions: [Action] = []
    while let record = try reader.next() { actions += assembly.take(record) }
    return actions
  }

  private func answered(_ actions: [Action]) -> [AssembledRequest] {
    actions.compactMap { if case .answer(let request) = $0 { request } else { nil } }
  }

  private func sent(_ actions: [Action]) -> [UInt8] {
    actions.flatMap { (action) -> [UInt8] in
      if case .send(let bytes) = action { return bytes }
      return []
    }
  }

  /// Protocol status of the END_REQUEST for an id.
  private func status(_ actions: [Action], _ id: UInt16) -> UInt8? {
    FastCGIText.records(sent(actions)).first { $0.type == 3 && $0.id == id }?.content[4]
  }

  @Test("two requests in turns, each with its own parameters and body")
  func interleaved() throws {
    var assembly = RequestAssembly()
    let actions = try take(
      &assembly,
      FastCGIText.begin(1) + FastCGIText.begin(500) + FastCGIText.record(4, 500, [1])
        + FastCGIText.record(4, 1, [2]) + FastCGIText.record(5, 500, [3])
        + FastCGIText.record(4, 1, [4]) + FastCGIText.record(4, 1) + FastCGIText.record(5, 1, [5])
        + FastCGIText.record(5, 1) + FastCGIText.record(4, 500) + FastCGIText.record(5, 500, [6])
        + FastCGIText.record(5, 500))
    let requests = answered(actions)
    #expect(requests.map(\.requestID) == [1, 500])
    #expect(requests.map(\.parameters) == [[2, 4], [1]])
    #expect(requests.map(\.body) == [[5], [3, 6]])
    #expect(assembly.keptBytes == 0 && assembly.count == 2)
    let second = assembly.finish(500, serial: requests[1].serial, [0x41])
    #expect(FastCGIText.output(sent(second), 500) == "A")
    #expect(status(second, 500) == 0 && assembly.count == 1)
  }

  @Test("a body that ends before the parameters waits for them")
  func bodyFirst() throws {
    var assembly = RequestAssembly()
    let early = FastCGIText.begin(1) + FastCGIText.record(5, 1, [9]) + FastCGIText.record(5, 1)
    #expect(answered(try take(&assembly, early)).isEmpty)
    #expect(answered(try take(&assembly, FastCGIText.record(4, 1))).map(\.body) == [[9]])
  }

  @Test("the connection closes after a request without KEEP_CONN, and only then")
  func keepConnection() throws {
    for keeps in [true, false] {
      var assembly = RequestAssembly()
      let request = answered(try take(&assembly, FastCGIText.request(1, [], keeps: keeps)))[0]
      let actions = assembly.finish(1, serial: request.serial, [])
      #expect(actions.contains(.closeAfterSending) == !keeps)
    }
  }

  @Test("an abort while receiving ends the request and frees its id")
  func abortWhileReceiving() throws {
    var assembly = RequestAssembly()
    let actions = try take(
      &assembly,
      FastCGIText.begin(3) + FastCGIText.record(4, 3, [1, 2]) + FastCGIText.record(2, 3))
    #expect(status(actions, 3) == 0 && assembly.count == 0 && assembly.keptBytes == 0)
    // What was on its way already names no request any more.
    #expect(try take(&assembly, FastCGIText.record(4, 3) + FastCGIText.record(5, 3)).isEmpty)
  }

  @Test("an aborted answer does not reach the request that has its id next")
  func abortWhileAnswering() throws {
    var assembly = RequestAssembly()
    let first = answered(try take(&assembly, FastCGIText.request(1, [], keeps: true)))[0]
    let aborted = try take(&assembly, FastCGIText.record(2, 1))
    #expect(aborted.contains(.drop(serial: first.serial)) && status(aborted, 1) == 0)
    let second = answered(try take(&assembly, FastCGIText.request(1, [], keeps: true)))[0]
    #expect(first.serial != second.serial)
    #expect(assembly.finish(1, serial: first.serial, bytes("old")).isEmpty)
    let actions = assembly.finish(1, serial: second.serial, bytes("new"))
    #expect(FastCGIText.output(sent(actions)) == "new")
  }

  @Test("roles but RESPONDER are told UNKNOWN_ROLE", arguments: [0, 2, 3, 9] as [UInt8])
  func roles(_ role: UInt8) throws {
    var assembly = RequestAssembly()
    let actions = try take(
      &assembly, FastCGIText.begin(1, role: role, keeps: false) + FastCGIText.record(4, 1, [1]))
    #expect(status(actions, 1) == 3 && actions.contains(.closeAfterSending))
    let kept = try take(&assembly, FastCGIText.begin(1, role: role))
    #expect(status(kept, 1) == 3 && !kept.contains(.closeAfterSending) && assembly.count == 0)
  }

  @Test("GET_VALUES answers the names that are known")
  func getValues() throws {
    var assembly = RequestAssembly()
    let asked = FastCGIText.pairs([("FCGI_MPXS_CONNS", ""), ("NOBODY", ""), ("FCGI_MAX_CONNS", "")])
    let sent = sent(try take(&assembly, FastCGIText.record(9, 0, asked)))
    let record = FastCGIText.records(sent)[0]
    #expect(record.type == 10 && record.id == 0)
    let list = try ParameterList(record.content)
    #expect(try list.one("FCGI_MPXS_CONNS") == bytes("1"))
    #expect(try list.one("FCGI_MAX_CONNS") == bytes("\(WebLimits.connections)"))
    #expect(list.entries.count == 2)
  }

  @Test("GET_VALUES that is no list of pairs gets an empty answer")
  func badGetValues() throws {
    var assembly = RequestAssembly()
    let sent = sent(try take(&assembly, FastCGIText.record(9, 0, [0x80])))
    #expect(FastCGIText.records(sent)[0].content.isEmpty)
  }

  @Test("other management records are UNKNOWN_TYPE", arguments: [0, 1, 4, 12, 255] as [UInt8])
  func unknownType(_ type: UInt8) throws {
    var assembly = RequestAssembly()
    let record = FastCGIText.records(sent(try take(&assembly, FastCGIText.record(type, 0))))[0]
    #expect(record.type == 11 && record.content[0] == type)
  }

  @Test("what breaks the protocol fails the connection")
  func faults() throws {
    let short = FastCGIText.record(1, 1, [0, 1])
    let twice = FastCGIText.begin(1) + FastCGIText.begin(1)
    let late = FastCGIText.begin(1) + FastCGIText.record(4, 1) + FastCGIText.record(4, 1, [1])
    for stream in [short, twice, late] {
      var assembly = RequestAssembly()
      let isFailed = try take(&assembly, stream).contains {
        if case .fail = $0 { true } else { false }
      }
      #expect(isFailed)
    }
  }

  @Test("records for requests that are not there, and unknown types, are dropped")
  func dropped() throws {
    var assembly = RequestAssembly()
    let stream =
      FastCGIText.record(4, 9, [1]) + FastCGIText.record(5, 9) + FastCGIText.record(2, 9)
      + FastCGIText.record(8, 9, [1]) + FastCGIText.record(77, 9)
    #expect(try take(&assembly, stream).isEmpty)
  }

  @Test("parameters and body up to their limits are taken, one byte more is 431 and 413")
  func limits() throws {
    for (type, limit, wanted) in [
      (4 as UInt8, WebLimits.parameterBytes, "Status: 431"),
      (5, WebLimits.bodyBytes, "Status: 413"),
    ] {
      let half = [UInt8](repeating: 0x61, count: limit / 2)
      var assembly = RequestAssembly()
      let most = try take(
        &assembly,
        FastCGIText.begin(1) + FastCGIText.record(type, 1, half) + FastCGIText.record(type, 1, half)
      )
      #expect(most.isEmpty)
      let refused = try take(&assembly, FastCGIText.record(type, 1, [0x61]))
      #expect(FastCGIText.output(sent(refused)).hasPrefix(wanted))
      #expect(assembly.count == 0 && assembly.keptBytes == 0)
    }
  }

  @Test("requests above the limit of a connection, or while draining, are OVERLOADED")
  func overloaded() throws {
    var assembly = RequestAssembly()
    for id in 1...UInt16(WebLimits.requestsPerConnection) {
      #expect(try take(&assembly, FastCGIText.begin(id)).isEmpty)
    }
    #expect(status(try take(&assembly, FastCGIText.begin(99)), 99) == 2)
    #expect(status(try take(&assembly, FastCGIText.record(2, 1)), 1) == 0)
    #expect(try take(&assembly, FastCGIText.begin(99)).isEmpty)
    assembly.isDraining = true
    _ = try take(&assembly, FastCGIText.record(2, 2))
    #expect(status(try take(&assembly, FastCGIText.begin(2)), 2) == 2)
  }

  @Test("bytes kept for one connection are bounded over all of its requests")
  func connectionBytes() throws {
    var assembly = RequestAssembly()
    let part = [UInt8](repeating: 1, count: 65_528)
    var refusals = 0
    for id in 1...UInt16(20) {
      let actions = try take(&assembly, FastCGIText.begin(id) + FastCGIText.record(5, id, part))
      if status(actions, id) == 2 { refusals += 1 }
      #expect(assembly.keptBytes <= WebLimits.connectionBytes)
    }
    #expect(refusals == 4)
  }

  @Test("a long answer is cut into records that hold it all")
  func longAnswer() {
    for count in [0, 1, 7, 8, 65_528, 65_529, 200_000] {
      let output = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 251) }
      let records = FastCGIText.records(RecordWriter.answer(77, output))
      #expect(records.filter { $0.type == 6 }.flatMap(\.content) == output)
      #expect(records.filter { $0.type == 6 }.last?.content.isEmpty == true)
      #expect(records.last?.type == 3 && records.allSatisfy { $0.id == 77 })
    }
  }
}
