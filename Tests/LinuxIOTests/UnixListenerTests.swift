import Foundation
import LinuxIO
import Testing

@Suite struct UnixListenerTests {
  let directory = TemporaryDirectory()

  func bind(_ path: String, _ modeBits: UInt32 = 0o600) throws(SocketError) -> UnixListener {
    try UnixListener.bind(path: path, modeBits: modeBits, backlog: 8)
  }

  @Test func `a client connects and bytes go both ways`() throws {
    let listener = try bind(directory.file("s"))
    let client = try UnixStream.connect(path: directory.file("s"), isNonBlocking: true)
    let server = try acceptOne(listener)
    #expect(try send([1, 2, 3], on: client) == .bytes(3))
    #expect(try receive(from: server.descriptor).bytes == [1, 2, 3])
    #expect(try send([9], on: server.descriptor) == .bytes(1))
    #expect(try receive(from: client).bytes == [9])
  }

  @Test(arguments: [0o600, 0o660, 0o666, 0o620] as [UInt32])
  func `the socket file has exactly the mode asked for`(mode: UInt32) throws {
    let listener = try bind(directory.file("s"), mode)
    #expect(modeBits(listener.path) == mode)
  }

  @Test func `an open umask never widens the mode and a closed one never narrows it`() async {
    await #expect(processExitsWith: .success) {
      for mask: UInt32 in [0, 0o777] {
        let directory = TemporaryDirectory()
        umask(mask)
        let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o640)
        #expect(modeBits(listener.path) == 0o640)
        #expect(umask(0o022) == mask, "bind must not touch the umask")
      }
    }
  }

  @Test(.enabled(if: isRoot)) func `the socket file gets the group asked for`() throws {
    let listener = try UnixListener.bind(
      path: directory.file("s"), modeBits: 0o660, groupID: nobody)
    let status = try #require(try FileStatus.ofPath(listener.path))
    #expect(status.groupID == nobody)
    #expect(status.ownerID == geteuid())
    #expect(status.modeBits == 0o660)
  }

  @Test func `a path of more than 200 characters is bound, reached and removed`() throws {
    let path = try directory.makeLongDirectory() + "/signet.sock"
    do {
      let listener = try bind(path)
      #expect(try FileStatus.ofPath(path)?.kind == .socket)
      let client = try UnixStream.connect(path: path, isNonBlocking: true)
      let server = try acceptOne(listener)
      #expect(try send([7], on: client) == .bytes(1))
      #expect(try receive(from: server.descriptor).bytes == [7])
    }
    #expect(try FileStatus.ofPath(path) == nil)
  }

  @Test func `a live socket at a long path is not taken over`() throws {
    let path = try directory.makeLongDirectory() + "/signet.sock"
    let listener = try bind(path)
    #expect(throws: SocketError.alreadyServed(path)) { _ = try bind(path) }
    _ = try UnixStream.connect(path: path, isNonBlocking: true)
    _ = try acceptOne(listener)
  }

  @Test func `a path of 107 bytes is used as it is, one of 108 through the directory`() throws {
    for length in [106, 107, 108, 109] {
      var path = directory.path + "/"
      path += String(repeating: "a", count: length - path.utf8.count)
      #expect(path.utf8.count == length)
      let listener = try bind(path)
      _ = try UnixStream.connect(path: path, isNonBlocking: true)
      _ = try acceptOne(listener)
    }
  }

  @Test func `a file name that fits no address is refused`() throws {
    let path = try directory.makeLongDirectory() + "/" + String(repeating: "n", count: 83)
    #expect(throws: SocketError.nameTooLong(path)) { _ = try bind(path) }
    #expect(throws: SocketError.nameTooLong(path)) {
      _ = try UnixStream.connect(path: path, isNonBlocking: false)
    }
    _ = try bind(String(path.dropLast()))
  }

  @Test func `the socket of a dead server is replaced`() throws {
    let path = directory.file("s")
    try leaveStaleSocket(path)
    let listener = try bind(path)
    _ = try UnixStream.connect(path: path, isNonBlocking: true)
    _ = try acceptOne(listener)
  }

  @Test func `a live socket is refused and goes on serving`() throws {
    let path = directory.file("s")
    let first = try bind(path)
    let before = try FileStatus.ofPath(path)
    #expect(throws: SocketError.alreadyServed(path)) { _ = try bind(path) }
    #expect(try FileStatus.ofPath(path) == before)
    // The probe came as a connection, and is gone; a real client is served after it.
    _ = try UnixStream.connect(path: path, isNonBlocking: true)
    _ = try acceptOne(first)
    _ = try acceptOne(first)
  }

  @Test func `a live socket whose queue is full is refused too`() throws {
    let path = directory.file("s")
    let first = try UnixListener.bind(path: path, modeBits: 0o600, backlog: 0)
    let waiting = try UnixStream.connect(path: path, isNonBlocking: true)
    #expect(throws: SocketError.backlogFull(path)) {
      _ = try UnixStream.connect(path: path, isNonBlocking: true, timeoutMillis: 1)
    }
    #expect(throws: SocketError.alreadyServed(path)) { _ = try bind(path) }
    #expect(try send([1], on: waiting) == .bytes(1))
    _ = try acceptOne(first)
  }

  @Test func `a regular file at the path is left alone`() throws {
    let path = directory.makeFile("s", [1, 2, 3])
    #expect(throws: SocketError.notASocket(path)) { _ = try bind(path) }
    #expect(try File.readWhole(path: path, limitBytes: 10) == [1, 2, 3])
  }

  @Test func `a symbolic link at the path is left alone, also one to a stale socket`() throws {
    let target = directory.file("stale")
    try leaveStaleSocket(target)
    for destination in [target, directory.file("absent")] {
      let link = directory.file("link")
      makeSymbolicLink(link, to: destination)
      #expect(throws: SocketError.notASocket(link)) { _ = try bind(link) }
      #expect(try FileSystem.readLink(link) == destination)
      try FileSystem.unlink(link)
    }
    #expect(try FileStatus.ofPath(target)?.kind == .socket)
    #expect(try FileStatus.ofPath(directory.file("absent")) == nil)
  }

  @Test func `a directory or a pipe at the path is left alone`() throws {
    try Directory.create(path: directory.file("d"), modeBits: 0o700)
    makePipe(directory.file("p"))
    for name in ["d", "p"] {
      let path = directory.file(name)
      #expect(throws: SocketError.notASocket(path)) { _ = try bind(path) }
      #expect(try FileStatus.ofPath(path) != nil)
    }
  }

  @Test func `CVE-2020-15257: abstract names are refused`() {
    for path in ["@signet", "\0signet", "@"] {
      #expect(throws: SocketError.abstractName(path)) { _ = try bind(path) }
      #expect(throws: SocketError.abstractName(path)) {
        _ = try UnixStream.connect(path: path, isNonBlocking: false)
      }
    }
  }

  @Test(arguments: ["", "/", "/tmp/", ".", "..", "/tmp/..", "/tmp/a\0b"])
  func `a path that names no file is refused`(path: String) {
    #expect(throws: SocketError.invalidPath(path)) { _ = try bind(path) }
  }

  @Test func `a missing directory is an error that names it`() {
    let path = directory.file("no/such/s")
    #expect(
      throws: SocketError.system(
        SystemError(errno: .notFound, call: "open", path: directory.file("no/such")))
    ) { _ = try bind(path) }
  }

  @Test func `closing removes the socket file`() throws {
    let path = directory.file("s")
    do { _ = try bind(path) }
    #expect(try FileStatus.ofPath(path) == nil)
  }

  @Test func `closing leaves a file that another process put there`() throws {
    let path = directory.file("s")
    do {
      let listener = try bind(path)
      try FileSystem.unlink(listener.path)
      _ = directory.makeFile("s", [5])
    }
    #expect(try File.readWhole(path: path, limitBytes: 10) == [5])
  }

  @Test func `closing leaves a socket that took the place of ours`() throws {
    let path = directory.file("s")
    var successor: UnixListener?
    do {
      let listener = try bind(path)
      try FileSystem.unlink(listener.path)
      successor = try bind(path)
    }
    _ = try UnixStream.connect(path: path, isNonBlocking: true)
    _ = consume successor
  }

  @Test func `closing removes the file also when its directory was renamed`() throws {
    try Directory.create(path: directory.file("old"), modeBits: 0o700)
    do {
      let listener = try bind(directory.file("old/s"))
      try FileSystem.rename(directory.file("old"), to: directory.file("new"))
      #expect(try FileStatus.ofPath(directory.file("new/s"))?.kind == .socket)
      let path = listener.path
      #expect(path == directory.file("old/s"))
    }
    #expect(try Directory.list(path: directory.file("new")) == [])
  }

  @Test func `of many starts at once over a stale socket exactly one wins`() throws {
    let path = directory.file("s")
    for _ in 0..<20 {
      try leaveStaleSocket(path)
      let race = BindRace(path: path)
      var threads: [JoinOnce] = []
      for index in 0..<4 {
        threads.append(JoinOnce(try SystemThread.spawn(name: "bind \(index)") { race.run() }))
      }
      for thread in threads { thread.join() }
      #expect(race.winners == 1)
      #expect(race.losers == 3)
      race.close()
    }
  }

  @Test func `a start while another one is under way waits, and gives up in the end`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let path = directory.file("s")
      let other = unsafe open(directory.path, O_RDONLY | O_DIRECTORY)
      precondition(flock(other, LOCK_EX | LOCK_NB) == 0)
      #expect(throws: SocketError.startInProgress(path)) {
        _ = try UnixListener.bind(path: path, modeBits: 0o600)
      }
      #expect(try FileStatus.ofPath(path) == nil)
      close(other)
      _ = try UnixListener.bind(path: path, modeBits: 0o600)
    }
  }

  @Test(.enabled(if: isRoot)) func `a bind that fails half-way leaves no file`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      changeOwner(directory.path, uid: nobody)
      setSupplementaryGroups([])
      setEffectiveUser(nobody)
      let path = directory.file("s")
      // A plain user may not give a file to a group that is not its own.
      #expect(
        throws: SocketError.system(
          SystemError(errno: .notPermitted, call: "chown", path: path))
      ) { _ = try UnixListener.bind(path: path, modeBits: 0o660, groupID: 1234) }
      let left = try FileStatus.ofPath(path)
      #expect(left == nil)
      setEffectiveUser(0)
    }
  }

  @Test(.enabled(if: isRoot)) func `a socket that may not be probed is left alone`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      changeMode(directory.path, 0o777)
      let path = directory.file("s")
      let listener = try UnixListener.bind(path: path, modeBits: 0o600)
      setEffectiveUser(nobody)
      #expect(
        throws: SocketError.system(
          SystemError(errno: .accessDenied, call: "connect", path: path))
      ) { _ = try UnixListener.bind(path: path, modeBits: 0o600) }
      setEffectiveUser(0)
      _ = try UnixStream.connect(path: path, isNonBlocking: true)
      _ = try acceptOne(listener)
    }
  }

  @Test func `a datagram socket at the path counts as served`() throws {
    let path = directory.file("s")
    let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    let other = FileDescriptor(owning: raw)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(other.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    #expect(throws: SocketError.alreadyServed(path)) { _ = try bind(path) }
    #expect(try FileStatus.ofPath(path)?.kind == .socket)
  }

  @Test func `nobody waiting is a value`() throws {
    let listener = try bind(directory.file("s"))
    let outcome = name(of: listener.accept())
    #expect(outcome == "wouldBlock")
  }

  @Test func `an accepted connection does not block and is closed on exec`() throws {
    let listener = try bind(directory.file("s"))
    let client = try UnixStream.connect(path: listener.path, isNonBlocking: false)
    let server = try acceptOne(listener)
    #expect(try receive(from: server.descriptor).result == .wouldBlock)
    #expect(fcntl(server.descriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(client.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(listener.descriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(client.rawValue, F_GETFL) & O_NONBLOCK == 0)
  }

  @Test func `errors say what to do`() {
    #expect("\(SocketError.alreadyServed("/run/s"))".contains("stop that one first"))
    #expect("\(SocketError.notASocket("/run/s"))".contains("is not a socket"))
    #expect("\(SocketError.abstractName("\0x"))".contains(#"'\u{0}x'"#))
    #expect("\(SocketError.nameTooLong("/x"))".contains("82 bytes"))
    #expect("\(SocketError.invalidPath(""))".contains("names no file"))
    #expect("\(SocketError.startInProgress("/x"))".contains("try again"))
    #expect("\(SocketError.backlogFull("/x"))".contains("full"))
  }
}

/// A socket file without a server, as a crash leaves it.
func leaveStaleSocket(_ path: String) throws {
  let listener = try UnixListener.bind(path: path + ".live", modeBits: 0o600)
  try FileSystem.rename(listener.path, to: path)
  // Closing alone would leave it served for as long as a child that another test starts right now
  // holds a duplicate.
  shutdown(listener.descriptor.rawValue, Int32(SHUT_RDWR))
}

/// Several threads bind one path; the winner's listener is kept so that losers meet a live server.
final class BindRace: @unchecked Sendable {
  private let path: String
  private let mutex = PthreadMutex()
  private var listener: UnixListener?
  private(set) var winners = 0
  private(set) var losers = 0

  init(path: String) { self.path = path }

  func run() {
    do {
      let bound = try UnixListener.bind(path: path, modeBits: 0o600)
      mutex.lock()
      listener = consume bound
      winners += 1
      mutex.unlock()
    } catch {
      mutex.withLock { if error == .alreadyServed(path) { losers += 1 } }
    }
  }

  func close() { listener = nil }
}

/// Threads are not copyable, so an array holds them in a box.
final class JoinOnce {
  private var thread: SystemThread?
  init(_ thread: consuming SystemThread) { self.thread = consume thread }
  func join() { thread.take()?.join() }
}
