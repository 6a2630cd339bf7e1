import Foundation
import LinuxIO
import Testing

@Suite struct AcceptTests {
  @Test func `the peer is known by the kernel`() throws {
    let directory = TemporaryDirectory()
    let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
    let client = try UnixStream.connect(path: listener.path, isNonBlocking: true)
    let server = try acceptOne(listener)
    let own = PeerCredentials(pid: getpid(), uid: geteuid(), gid: getegid())
    #expect(server.peer == own)
    #expect(server.descriptor.peerCredentials() == own)
    // The client's peer is whoever called listen.
    #expect(client.peerCredentials() == own)
  }

  @Test(.enabled(if: isRoot)) func `a peer of another user is told apart`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      changeMode(directory.path, 0o755)
      let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o666)
      let groups = (0..<40).map { UInt32(5000 + $0) }
      setSupplementaryGroups(groups)
      setEffectiveGroup(1234)
      setEffectiveUser(4321)
      let client = try UnixStream.connect(path: listener.path, isNonBlocking: true)
      setEffectiveUser(0)
      setSupplementaryGroups([])
      let server = try acceptOne(listener)
      #expect(server.peer == PeerCredentials(pid: getpid(), uid: 4321, gid: 1234))
      // As they were at connect, more than fit the first guess of 32, and sorted by the kernel.
      #expect(try server.descriptor.peerGroups() == groups)
      _ = consume client
    }
  }

  @Test(.enabled(if: isRoot)) func `a user whom the mode excludes cannot connect`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      changeMode(directory.path, 0o755)
      let listener = try UnixListener.bind(
        path: directory.file("s"), modeBits: 0o660, groupID: 1234)
      setSupplementaryGroups([])
      setEffectiveGroup(99)
      setEffectiveUser(nobody)
      #expect(
        throws: SocketError.system(
          SystemError(errno: .accessDenied, call: "connect", path: directory.file("s")))
      ) { _ = try UnixStream.connect(path: directory.file("s"), isNonBlocking: true) }
      setEffectiveUser(0)
      setEffectiveGroup(1234)
      setEffectiveUser(nobody)
      _ = try UnixStream.connect(path: directory.file("s"), isNonBlocking: true)
      setEffectiveUser(0)
      _ = try acceptOne(listener)
    }
  }

  @Test func `without descriptors accept says so, and the spare one sheds the peer`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
      let client = try UnixStream.connect(path: listener.path, isNonBlocking: true)
      let second = try UnixStream.connect(path: listener.path, isNonBlocking: true)
      var spare = try SpareDescriptor()
      let taken = exhaustDescriptors()
      for _ in 0..<2 {
        let outcome = name(of: listener.accept())
        #expect(outcome == "exhausted \(EMFILE)")
      }
      let didShed = spare.shedOne(from: listener)
      let isReady = spare.isReady
      #expect(didShed && isReady)
      #expect(try receive(from: client).result == .endOfFile)
      #expect(try receive(from: second).result == .wouldBlock)
      // With room again, the other one is served.
      close(taken)
      let server = try acceptOne(listener)
      #expect(try send([3], on: second) == .bytes(1))
      #expect(try receive(from: server.descriptor).bytes == [3])
      let shedAgain = spare.shedOne(from: listener)
      #expect(!shedAgain, "nobody waits")
    }
  }

  @Test func `a spare descriptor that was lost is taken back`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
      var spare = try SpareDescriptor()
      let old = setDescriptorLimit(0)
      let didShed = spare.shedOne(from: listener)
      let isLost = !spare.isReady
      #expect(!didShed && isLost)
      setDescriptorLimit(old)
      spare.refill()
      let isReady = spare.isReady
      #expect(isReady)
    }
  }

  @Test func `accept on something that is no listener traps`() async {
    await #expect(processExitsWith: .failure) {
      let directory = TemporaryDirectory()
      let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
      let file = openNull()
      #expect(dup2(file, listener.descriptor.rawValue) >= 0)
      _ = listener.accept()
      // Reached only without the trap.
      exit(0)
    }
  }
}
