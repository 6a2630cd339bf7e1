import Foundation
import LinuxIO
import Testing

@Suite struct ProcessTests {
  @Test func `the process knows itself`() {
    #expect(CurrentProcess.id == getpid())
    #expect(CurrentProcess.userID == getuid())
    #expect(CurrentProcess.groupID == getgid())
    #expect(CurrentProcess.effectiveUserID == geteuid())
    #expect(CurrentProcess.environment("PATH")?.isEmpty == false)
    #expect(CurrentProcess.environment("SIGNET_NO_SUCH_VARIABLE") == nil)
  }

  @Test func `core dumps are switched off`() async {
    await #expect(processExitsWith: .success) {
      try CurrentProcess.disableCoreDumps()
      #expect(!CurrentProcess.isDumpable)
      var limit = rlimit(rlim_cur: 9, rlim_max: 9)
      #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
      #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
    }
  }

  @Test(.enabled(if: isRoot)) func `a long socket path works for a plain user without dumps`() async
  {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let long = try directory.makeLongDirectory()
      changeOwner(long, uid: nobody)
      var parent = long
      while parent != directory.path {
        parent = String(parent[..<parent.lastIndex(of: "/")!])
        changeMode(parent, 0o755)
      }
      #expect(setuid(nobody) == 0)
      try CurrentProcess.disableCoreDumps()
      let listener = try UnixListener.bind(path: long + "/s", modeBits: 0o600)
      _ = try UnixStream.connect(path: long + "/s", isNonBlocking: true)
      _ = try acceptOne(listener)
    }
  }

  @Test func `the descriptor limit rises to the hard one`() async {
    await #expect(processExitsWith: .success) {
      setDescriptorLimit(64)
      let limit = try CurrentProcess.raiseDescriptorLimit()
      #expect(limit > 64)
      #expect(setDescriptorLimit(64) == UInt(limit))
    }
  }

  @Test(arguments: [0, 3, 77] as [Int32]) func `exit ends with its status`(status: Int32) async {
    switch status {
    case 0: await #expect(processExitsWith: .exitCode(0)) { CurrentProcess.exit(0) }
    case 3: await #expect(processExitsWith: .exitCode(3)) { CurrentProcess.exit(3) }
    default: await #expect(processExitsWith: .exitCode(77)) { CurrentProcess.exit(77) }
    }
  }

  @Test func `signals come as events and kill nobody`() async {
    await #expect(processExitsWith: .success) {
      let source = try SignalSource([.terminate, .hangup, .user1])
      #expect(try source.next() == nil)
      // Directed at the process, and blocked only in this thread: other threads of the test
      // runner would take it, so it goes to the thread.
      for signal: Signal in [.terminate, .user1, .terminate] { raise(signal.rawValue) }
      #expect(try source.descriptor.poll(for: .readable, timeoutMillis: nil))
      var seen: Set<Signal> = []
      while let signal = try source.next() { seen.insert(signal) }
      #expect(seen == [.terminate, .user1])
    }
  }

  @Test func `threads inherit the blocking`() async {
    await #expect(processExitsWith: .success) {
      let source = Shared(try SignalSource([.terminate]))
      let thread = try SystemThread.spawn(name: "inherits") {
        raise(SIGTERM)
        // Pending in this thread, so only a read from this thread sees it.
        let signal = try? source.value.next()
        if signal != .terminate { exit(1) }
      }
      thread.join()
    }
  }

  @Test func `a signal that cannot exist is an error`() {
    #expect(throws: SystemError(errno: .invalid, call: "signalfd")) {
      _ = try SignalSource([Signal(rawValue: 999)])
    }
  }
}

@Suite struct AccountTests {
  @Test func `users are found by name and by number`() throws {
    let root = try #require(try UserAccount.find("root"))
    #expect(root.id == 0 && root.primaryGroupID == 0 && root.name == "root")
    #expect(!root.homeDirectory.isEmpty)
    #expect(try UserAccount.find("0") == root)
    #expect(try UserAccount.find(id: 0) == root)
  }

  @Test func `groups are found by name and by number`() throws {
    let root = try #require(try GroupAccount.find("root"))
    let byNumber = try GroupAccount.find("0")
    #expect(root == byNumber)
    #expect(root.id == 0)
  }

  @Test(arguments: [
    "no-such-account", "", "4294967294", "4294967295", "4294967296", "-1", "+0", "0x0", "root\0x",
    " root",
  ])
  func `an account that does not exist is nil`(name: String) throws {
    #expect(try UserAccount.find(name) == nil)
    #expect(try GroupAccount.find(name) == nil)
  }
}

@Suite struct StandardStreamTests {
  @Test func `a whole text goes out, also through a pipe that is full`() async {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      let reader = FileDescriptor(owning: ends[0])
      // Non-blocking, as a terminal shared with another program may be.
      try FileDescriptor(owning: dup(ends[1])).setNonBlocking(true)
      #expect(dup2(ends[1], 1) == 1)
      close(ends[1])
      let text = String(repeating: "0123456789", count: 50_000)
      let box = Box()
      let thread = try SystemThread.spawn(name: "writer") {
        do {
          try StandardStream.output.write(text)
        } catch {
          box.text = "\(error)"
        }
        close(1)
      }
      var received: [UInt8] = []
      while case (let result, let bytes) = try receive(from: reader), result != .endOfFile {
        received += bytes
      }
      thread.join()
      #expect(box.text == "")
      #expect(received == Array(text.utf8))
    }
  }

  @Test func `a reader that is gone is an error`() async {
    await #expect(processExitsWith: .success) {
      Signal.ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      #expect(unsafe pipe(&ends) == 0)
      #expect(dup2(ends[1], 1) == 1)
      close(ends[0])
      #expect(throws: SystemError(errno: .brokenPipe, call: "write")) {
        try StandardStream.output.write("x")
      }
    }
  }

  @Test func `standard input is read whole up to its limit`() async {
    await #expect(processExitsWith: .success) {
      for (count, limit) in [(0, 0), (3, 3), (40_000, 50_000)] {
        try feedInput(count)
        let bytes = try StandardStream.input.readWhole(limitBytes: limit)
        #expect(bytes == [UInt8](repeating: 7, count: count))
      }
      try feedInput(4)
      #expect(throws: SystemError(errno: .fileTooLarge, call: "read")) {
        _ = try StandardStream.input.readWhole(limitBytes: 3)
      }
      #expect(!StandardStream.input.isTerminal)
      #expect(StandardStream.input.terminalColumns == nil)
    }
  }

  @Test func `a terminal is told from a pipe and knows its width`() async {
    await #expect(processExitsWith: .success) {
      let main = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
      // TIOCSPTLCK and TIOCGPTN, which Swift does not see.
      var (lock, number): (Int32, Int32) = (0, -1)
      precondition(unsafe ioctl(main, 0x4004_5431, &lock) == 0)
      precondition(unsafe ioctl(main, 0x8004_5430, &number) == 0)
      let terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      var size = winsize(ws_row: 24, ws_col: 97, ws_xpixel: 0, ws_ypixel: 0)
      #expect(unsafe ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
      #expect(dup2(terminal, 0) == 0)
      #expect(StandardStream.input.isTerminal)
      #expect(StandardStream.input.terminalColumns == 97)
    }
  }
}

/// Puts so many bytes of 7 and an end of file where standard input is.
func feedInput(_ count: Int) throws {
  var ends: [Int32] = [0, 0]
  precondition(unsafe pipe(&ends) == 0, "pipe")
  precondition(dup2(ends[0], 0) == 0, "dup2")
  close(ends[0])
  let writer = FileDescriptor(owning: ends[1])
  let bytes = [UInt8](repeating: 7, count: count)
  if count > 0 {
    let result = unsafe try gather(bytes, []) { one, _ in unsafe try writer.write(one) }
    precondition(result == .bytes(count), "the pipe holds 64 KiB")
  }
}
