import Foundation
import LinuxIO
import Testing

@Suite struct UnixStreamTests {
  let directory = TemporaryDirectory()

  @Test func `a path without a file is not found, with the path in the error`() {
    let path = directory.file("s")
    #expect(
      throws: SocketError.system(SystemError(errno: .notFound, call: "connect", path: path))
    ) { _ = try UnixStream.connect(path: path, isNonBlocking: true) }
  }

  @Test func `a dead server and a plain file refuse`() throws {
    let stale = directory.file("s")
    try leaveStaleSocket(stale)
    for path in [stale, directory.makeFile("f")] {
      #expect(
        throws: SocketError.system(
          SystemError(errno: .connectionRefused, call: "connect", path: path))
      ) { _ = try UnixStream.connect(path: path, isNonBlocking: true) }
    }
  }

  @Test func `a path through a file is an error`() throws {
    let path = directory.makeFile("f")
    #expect(
      throws: SocketError.system(SystemError(errno: .notADirectory, call: "open", path: path))
    ) { _ = try UnixStream.connect(path: path + "/s", isNonBlocking: true) }
  }

  @Test func `connecting follows a symbolic link, short or long`() throws {
    let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
    let long = try directory.makeLongDirectory()
    for link in [directory.file("l"), long + "/l"] {
      makeSymbolicLink(link, to: directory.file("s"))
      _ = try UnixStream.connect(path: link, isNonBlocking: true)
      _ = try acceptOne(listener)
    }
  }

  @Test func `a blocking connection waits for bytes`() throws {
    let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
    let client = Shared(
      try UnixStream.connect(path: directory.file("s"), isNonBlocking: false, timeoutMillis: 50))
    let server = try acceptOne(listener)
    let box = Box()
    let thread = try SystemThread.spawn(name: "reader") {
      // Blocks until the bytes below are there; non-blocking it would say so at once.
      guard let read = try? receive(from: client.value) else { return }
      box.text = String(decoding: read.bytes, as: UTF8.self)
    }
    #expect(try send(Array("late".utf8), on: server.descriptor) == .bytes(4))
    thread.join()
    #expect(box.text == "late")
  }

  @Test(arguments: [nil, 0, 1, 1500, Int32.max] as [Int32?])
  func `the limit of connect does not stay on the connection`(timeoutMillis: Int32?) throws {
    let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
    let client = try UnixStream.connect(
      path: listener.path, isNonBlocking: false, timeoutMillis: timeoutMillis)
    var limit = timeval(tv_sec: 9, tv_usec: 9)
    var length = socklen_t(MemoryLayout<timeval>.size)
    #expect(unsafe getsockopt(client.rawValue, SOL_SOCKET, SO_SNDTIMEO, &limit, &length) == 0)
    #expect(limit.tv_sec == 0 && limit.tv_usec == 0)
  }

  @Test func `a connect that waits for room is served when there is some`() throws {
    let path = directory.file("s")
    let listener = try UnixListener.bind(path: path, modeBits: 0o600, backlog: 0)
    let first = try UnixStream.connect(path: path, isNonBlocking: true)
    let box = Box()
    let thread = try SystemThread.spawn(name: "waiter") {
      do {
        _ = try UnixStream.connect(path: path, isNonBlocking: true)
      } catch {
        box.text = "\(error)"
      }
    }
    // Either connection may need room first; both get in.
    for _ in 0..<2 {
      #expect(try listener.descriptor.poll(for: .readable, timeoutMillis: nil))
      _ = try acceptOne(listener)
    }
    thread.join()
    #expect(box.text == "")
    _ = consume first
  }

  @Test func `a pair is connected, non-blocking and closed on exec`() throws {
    let pair = try UnixStream.pair()
    #expect(try send([5], on: pair.first) == .bytes(1))
    #expect(try receive(from: pair.second).bytes == [5])
    for raw in [pair.first.rawValue, pair.second.rawValue] {
      #expect(fcntl(raw, F_GETFL) & O_NONBLOCK != 0)
      #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
    }
  }

  @Test func `socket buffers get at least the size asked for`() throws {
    let pair = try UnixStream.pair()
    try pair.first.setSocketBuffers(byteCount: 65536)
    for option in [SO_SNDBUF, SO_RCVBUF] {
      var byteCount: Int32 = 0
      var length = socklen_t(4)
      #expect(unsafe getsockopt(pair.first.rawValue, SOL_SOCKET, option, &byteCount, &length) == 0)
      #expect(byteCount >= 65536)
    }
  }

  @Test func `without descriptors connect is an error and leaks none`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let path = directory.file("s")
      let listener = try UnixListener.bind(path: path, modeBits: 0o600)
      let last = exhaustDescriptors()
      let before = try? Directory.list(path: "/proc/self/fd").count
      #expect(before == nil, "listing needs a descriptor too")
      let full = SystemError(
        errno: .processDescriptorsExhausted, call: "open", path: directory.path)
      #expect(throws: SocketError.system(full)) {
        _ = try UnixStream.connect(path: path, isNonBlocking: true)
      }
      // Room for the directory and none for the socket.
      close(last)
      let noSocket = SystemError(errno: .processDescriptorsExhausted, call: "socket")
      for _ in 0..<3 {
        #expect(throws: SocketError.system(noSocket)) {
          _ = try UnixStream.connect(path: path, isNonBlocking: true)
        }
      }
      _ = consume listener
    }
  }
}
