internal import LinuxIO
internal import TokenWire

/// A server that does what a test's script says, one connection after the other, on a socket in a
/// directory of its own.
///
/// Each script has one connection. When the last script returns, the listener goes, so whoever
/// connects once too often is refused instead of waiting. `finish` joins the thread: a test that
/// forgets a connection hangs in `accept` for ten seconds and then traps.
public final class FakeServer {
  public typealias Script = @Sendable (inout FakePeer) -> Void

  public let path: String
  private let directory: String
  private let run: FakeRun
  private var thread: SystemThread?

  public init(_ scripts: [Script]) {
    let unique = "\(CurrentProcess.id)-\(SystemClock.monotonicNanos())"
    directory = "/tmp/fake-signet-\(unique)"
    path = directory + "/s.sock"
    do {
      try Directory.create(path: directory, modeBits: 0o700)
      let listener = try UnixListener.bind(path: path, modeBits: 0o600)
      let run = try FakeRun(listener, scripts)
      self.run = run
      thread = try SystemThread.spawn(name: "fake-signet") { run.serve() }
    } catch {
      fatalError("fake server: \(error)")
    }
  }

  public convenience init(_ scripts: Script...) { self.init(scripts) }

  /// Waits until another connection has been closed by its script's end.
  public func awaitClose() {
    let isClosed = try? run.closed.descriptor.poll(for: .readable, timeoutMillis: 10_000)
    precondition(isClosed == true && run.closed.drain(), "no script ended")
  }

  /// Waits until every script has returned.
  public func finish() {
    thread.take()?.join()
    try? FileSystem.unlink(path)
    try? Directory.remove(path: directory)
  }
}

/// What the server's thread owns.
private final class FakeRun: @unchecked Sendable {
  private var listener: UnixListener?
  private let scripts: [FakeServer.Script]
  let closed: EventNotifier

  init(
    _ listener: consuming UnixListener, _ scripts: [FakeServer.Script]
  ) throws(SystemError) {
    closed = try EventNotifier()
    self.listener = consume listener
    self.scripts = scripts
  }

  func serve() {
    for script in scripts {
      converse(script)
      closed.notify()
    }
    listener = nil
  }

  private func converse(_ script: FakeServer.Script) {
    var peer = FakePeer(accept())
    script(&peer)
  }

  private func accept() -> FileDescriptor {
    guard let isReady = try? listener?.descriptor.poll(for: .readable, timeoutMillis: 10_000),
      isReady
    else { fatalError("fake server: nobody connected for a script that is left") }
    guard case .accepted(let connection)? = listener?.accept() else {
      fatalError("fake server: accept failed")
    }
    return connection.descriptor
  }
}
