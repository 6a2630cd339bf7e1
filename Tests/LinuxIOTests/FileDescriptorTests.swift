import Foundation
import LinuxIO
import Testing

@Suite struct FileDescriptorTests {
  @Test func `a descriptor closes when its owner goes`() async {
    await #expect(processExitsWith: .success) {
      let raw: Int32
      do {
        let descriptor = FileDescriptor(owning: openNull())
        raw = descriptor.rawValue
        #expect(isOpen(raw))
      }
      #expect(!isOpen(raw))
    }
  }

  @Test func `a released descriptor stays open`() throws {
    let descriptor = FileDescriptor(owning: openNull())
    let raw = descriptor.release()
    #expect(isOpen(raw))
    close(raw)
  }

  @Test func `a duplicate lives on its own and is closed on exec`() throws {
    let pair = try UnixStream.pair()
    let near = pair.first
    let far = pair.second
    let copy = try near.duplicate()
    #expect(fcntl(copy.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    do { _ = consume near }
    #expect(try send([1], on: far) == .bytes(1))
    #expect(try receive(from: copy).bytes == [1])
  }

  @Test func `a descriptor closed behind its owner's back traps`() async {
    await #expect(processExitsWith: .failure) {
      do {
        let descriptor = FileDescriptor(owning: openNull())
        close(descriptor.rawValue)
      }
      exit(0)
    }
  }

  @Test func `a read from a number that is no descriptor traps`() async {
    await #expect(processExitsWith: .failure) {
      let descriptor = FileDescriptor(owning: 900)
      _ = try? receive(from: descriptor)
      exit(0)
    }
  }

  @Test func `a send on a file that is no socket traps`() async {
    await #expect(processExitsWith: .failure) {
      let descriptor = FileDescriptor(owning: openNull())
      _ = try? send([1], on: descriptor)
      exit(0)
    }
  }

  @Test func `a negative number is never owned`() async {
    await #expect(processExitsWith: .failure) {
      _ = FileDescriptor(owning: -1)
      exit(0)
    }
  }

  @Test func `nothing to read is a value`() throws {
    let pair = try UnixStream.pair()
    #expect(try receive(from: pair.first).result == .wouldBlock)
  }

  @Test func `a full buffer takes a part, then nothing, and loses no byte`() throws {
    let pair = try UnixStream.pair()
    try pair.first.setSocketBuffers(byteCount: 16384)
    let whole = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var sent = 0
    var received: [UInt8] = []
    var sawPart = false
    var sawBlock = false
    while received.count < whole.count {
      while sent < whole.count {
        let rest = Array(whole[sent...].prefix(300_000))
        let result = try send(rest, on: pair.first)
        guard case .bytes(let count) = result else {
          #expect(result == .wouldBlock)
          sawBlock = true
          break
        }
        #expect(count > 0 && count <= rest.count)
        if count < rest.count { sawPart = true }
        sent += count
      }
      while case (let result, let bytes) = try receive(from: pair.second), result != .wouldBlock {
        received += bytes
      }
    }
    #expect(sawPart && sawBlock)
    #expect(received == whole)
  }

  @Test func `two buffers go out in order in one send`() throws {
    let pair = try UnixStream.pair()
    let result = unsafe try gather([1, 2], [3, 4, 5]) { unsafe try pair.first.send($0, $1) }
    #expect(result == .bytes(5))
    #expect(try receive(from: pair.second).bytes == [1, 2, 3, 4, 5])
    let second = unsafe try gather([], [6]) { unsafe try pair.first.send($0, $1) }
    #expect(second == .bytes(1))
    let first = unsafe try gather([7], []) { unsafe try pair.first.send($0, $1) }
    #expect(first == .bytes(1))
    #expect(try receive(from: pair.second).bytes == [6, 7])
  }

  @Test func `two buffers go into a file in one write`() throws {
    let directory = TemporaryDirectory()
    let file = try File.open(path: directory.file("f"), .createNew(modeBits: 0o600))
    let result = unsafe try gather([1, 2], [3]) { unsafe try file.write($0, $1) }
    #expect(result == .bytes(3))
    let more = unsafe try gather([9], []) { one, _ in unsafe try file.write(one) }
    #expect(more == .bytes(1))
    #expect(try file.read(byteCount: 10, at: 0) == [1, 2, 3, 9])
  }

  @Test func `a peer that is gone is a value and raises no signal`() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      let pair = try UnixStream.pair()
      let near = pair.first
      let far = pair.second
      do { _ = consume far }
      #expect(try send([1], on: near) == .peerReset)
      let both = unsafe try gather([1], [2]) { unsafe try near.send($0, $1) }
      #expect(both == .peerReset)
      #expect(try receive(from: near).result == .endOfFile)
      try near.shutdownWrites()
    }
  }

  @Test func `a peer that closes with bytes unread resets the connection`() throws {
    let pair = try UnixStream.pair()
    let near = pair.first
    let far = pair.second
    #expect(try send([1], on: near) == .bytes(1))
    do { _ = consume far }
    #expect(try near.poll(for: .readable, timeoutMillis: nil))
    #expect(try receive(from: near).result == .peerReset)
  }

  @Test func `after shutdown the peer reads to the end and may still answer`() throws {
    let pair = try UnixStream.pair()
    #expect(try send([1], on: pair.first) == .bytes(1))
    try pair.first.shutdownWrites()
    #expect(try receive(from: pair.second).bytes == [1])
    #expect(try receive(from: pair.second).result == .endOfFile)
    #expect(try send([2], on: pair.second) == .bytes(1))
    #expect(try receive(from: pair.first).bytes == [2])
    #expect(try send([3], on: pair.first) == .peerReset)
  }

  @Test func `a broken pipe is a value once the signal is ignored`() async {
    await #expect(processExitsWith: .success) {
      Signal.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      close(ends[0])
      let writer = FileDescriptor(owning: ends[1])
      let result = unsafe try gather([1], []) { one, _ in unsafe try writer.write(one) }
      #expect(result == .peerReset)
    }
  }

  @Test func `blocking can be switched on and off`() throws {
    let pair = try UnixStream.pair()
    try pair.first.setNonBlocking(false)
    #expect(fcntl(pair.first.rawValue, F_GETFL) & O_NONBLOCK == 0)
    try pair.first.setNonBlocking(true)
    try pair.first.setNonBlocking(true)
    #expect(fcntl(pair.first.rawValue, F_GETFL) & O_NONBLOCK != 0)
  }

  @Test func `poll tells ready from not ready`() throws {
    let pair = try UnixStream.pair()
    let readable = { (end: borrowing FileDescriptor) in
      try end.poll(for: .readable, timeoutMillis: 0)
    }
    #expect(try !readable(pair.first))
    #expect(try pair.first.poll(for: .writable, timeoutMillis: nil))
    #expect(try send([1], on: pair.second) == .bytes(1))
    #expect(try readable(pair.first))
    #expect(try pair.first.poll(for: .readable, timeoutMillis: nil))
    #expect(try !pair.second.poll(for: .readable, timeoutMillis: 1))
    #expect(try !pair.second.poll(for: .readable, timeoutMillis: -5))
  }

  @Test func `poll ends when the peer hangs up`() throws {
    let pair = try UnixStream.pair()
    let near = pair.first
    let far = pair.second
    do { _ = consume far }
    #expect(try near.poll(for: .readable, timeoutMillis: nil))
  }
}

/// Two arrays as raw buffers.
func gather(
  _ first: [UInt8], _ second: [UInt8],
  _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws -> IOResult
) throws -> IOResult {
  try unsafe first.withUnsafeBytes { one in
    try unsafe second.withUnsafeBytes { two in try unsafe body(one, two) }
  }
}
