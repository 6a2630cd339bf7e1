import TestSupport
import Testing
import TokenWire

@Suite(.serialized) struct CutFrameTests {
  @Test("every request cut at every byte and closed by us: nothing is answered, the server lives")
  func cutAndClosed() throws {
    let daemon = try RunningDaemon()
    let bystander = try Bystander(daemon)
    var number: UInt32 = 0
    for vector in GoldenFrame.requests {
      for cut in 0..<vector.bytes.count {
        let isHello = vector.opcode == Opcode.hello.rawValue
        let socket = try RawSocket(daemon.path)
        let hello = isHello ? [] : ServiceConnection.hello().bytes
        try socket.send(hello + vector.bytes[..<cut])
        // One in two closes both directions at once, in the middle of the server's reading.
        if cut % 2 == 1 { socket.close() } else { try expectSilence(socket, vector, cut, isHello) }
        number += 1
        if number % 100 == 0 { try bystander.check(number) }
      }
    }
    #expect(number > 5_000)
    #expect(try daemon.stop() == .exited(0))
  }

  private func expectSilence(
    _ socket: RawSocket, _ vector: GoldenFrame, _ cut: Int, _ isHello: Bool
  ) throws {
    socket.finishSending()
    let (replies, rest) = try socket.readToEnd()
    #expect(replies.count == (isHello ? 0 : 1), "\(vector) cut at \(cut)")
    #expect(rest.isEmpty, "\(vector) cut at \(cut)")
  }

  @Test("half a frame and then nothing is TIMEOUT after a second, echoing the header if it came")
  func cutAndSilent() throws {
    let daemon = try RunningDaemon(["--frame-timeout-seconds", "1"])
    let vectors = GoldenFrame.typical.values.filter { $0.opcode != Opcode.hello.rawValue }
    let cuts = vectors.flatMap { vector in (1..<vector.bytes.count).map { (vector, $0) } }
    for start in stride(from: 0, to: cuts.count, by: 400) {
      let batch = cuts[start..<min(start + 400, cuts.count)]
      let sockets = try batch.map { vector, cut in
        let socket = try RawSocket(daemon.path)
        try socket.send(ServiceConnection.hello().bytes + vector.bytes[..<cut])
        return socket
      }
      for ((vector, cut), socket) in zip(batch, sockets) {
        let (replies, rest) = try socket.readToEnd()
        let last = try #require(replies.last)
        #expect(replies.count == 2 && rest.isEmpty, "\(vector) cut at \(cut)")
        #expect(last.status == Status.timeout.rawValue, "\(vector) cut at \(cut)")
        let sent = RawFrame(header: vector.bytes[...], body: [])
        #expect(last.opcode == (cut < 16 ? 1 : sent.opcode), "\(vector) cut at \(cut)")
        #expect(last.requestId == (cut < 16 ? 0 : sent.requestId), "\(vector) cut at \(cut)")
      }
    }
    #expect(try daemon.stop() == .exited(0))
  }

  @Test("no HELLO, or half of one, is TIMEOUT after a second")
  func helloTimeout() throws {
    let daemon = try RunningDaemon(["--hello-timeout-seconds", "1"])
    let hello = ServiceConnection.hello().bytes
    let sockets = try (0..<hello.count).map { cut in
      let socket = try RawSocket(daemon.path)
      try socket.send(Array(hello[..<cut]))
      return socket
    }
    for (cut, socket) in sockets.enumerated() {
      let (replies, rest) = try socket.readToEnd()
      #expect(rest.isEmpty)
      #expect(replies.map(\.status) == [Status.timeout.rawValue], "cut at \(cut)")
      #expect(replies.first?.requestId == (cut < 16 ? 0 : 1), "cut at \(cut)")
      #expect(replies.first?.opcode == 1, "cut at \(cut)")
    }
    #expect(try daemon.stop() == .exited(0))
  }
}
