internal import CLinux
internal import Glibc

/// A listening Unix socket and the file that is its address.
///
/// The file never has wider permissions than asked for, not for an instant: the mode is put on the
/// unbound socket, from which bind copies it; group and exact mode follow; and only then `listen`
/// lets anybody connect. When this value goes, the file is removed if it is still the one made
/// here.
public struct UnixListener: ~Copyable, Sendable {
  /// For `Epoll.add` with read interest; non-blocking.
  public let descriptor: FileDescriptor
  /// As given to `bind`.
  public var path: String { location.path }
  private let location: SocketPath
  private let identity: FileIdentity

  /// Binds and listens.
  ///
  /// - Parameters:
  ///   - path: a file path of any length; its last component has at most 82 bytes when the path is
  ///     longer than 107. An abstract name is refused.
  ///   - modeBits: who may connect (write permission): 0o600, 0o660 or 0o666.
  ///   - groupID: the file's group; nil leaves the process's own.
  ///   - backlog: connections that may wait; the kernel caps it at `net.core.somaxconn`.
  ///
  /// A socket file whose server died (connect is refused) is replaced; one that is served, and
  /// anything that is not a socket, is left alone and thrown as `.alreadyServed`, `.notASocket`.
  public static func bind(
    path: String, modeBits: UInt32, groupID: UInt32? = nil, backlog: Int32 = 1024
  ) throws(SocketError) -> UnixListener {
    precondition(modeBits & ~0o777 == 0, "permission bits only")
    let location = try SocketPath(path)
    // Held until the end: of two processes starting at once, the second sees a socket that is bound
    // and not yet listening, which looks like a dead one.
    let startLock = try lockDirectory(of: path)
    defer { _ = startLock.descriptor.rawValue }
    try removeStaleSocket(at: location)
    let socket = FileDescriptor(owning: try socketCall("socket") { clinux_unix_socket(1) })
    let raw = socket.rawValue
    try socketCall("fchmod", path: path) { fchmod(raw, modeBits) }
    let address = location.address
    try socketCall("bind", path: path) { unsafe clinux_unix_bind(raw, address) }
    do {
      let identity = try open(socket, at: location, modeBits, groupID, backlog)
      return UnixListener(descriptor: socket, location: location, identity: identity)
    } catch {
      try? location.unlink()
      throw error
    }
  }

  /// Gives the bound file its group and exact mode and starts listening.
  private static func open(
    _ socket: borrowing FileDescriptor, at location: borrowing SocketPath, _ modeBits: UInt32,
    _ groupID: UInt32?, _ backlog: Int32
  ) throws(SocketError) -> FileIdentity {
    let (directory, name, path) = (location.directory.rawValue, location.name, location.path)
    if let groupID {
      try socketCall("chown", path: path) {
        unsafe fchownat(directory, name, uid_t.max, groupID, AT_SYMLINK_NOFOLLOW)
      }
    }
    try socketCall("chmod", path: path) { unsafe clinux_chmod_at(directory, name, modeBits) }
    guard let status = try location.status() else {
      throw .system(SystemError(errno: .notFound, call: "stat", path: path))
    }
    try socketCall("listen", path: path) { listen(socket.rawValue, backlog) }
    return status.identity
  }

  /// Takes the next connection. Never throws: see `AcceptOutcome`.
  public borrowing func accept() -> AcceptOutcome {
    while true {
      let raw = clinux_accept(descriptor.rawValue)
      if raw >= 0 {
        let connection = FileDescriptor(owning: raw)
        let peer = connection.peerCredentials()
        return .accepted(AcceptedConnection(descriptor: connection, peer: peer))
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      case EMFILE, ENFILE, ENOBUFS, ENOMEM:
        return .descriptorsExhausted(Errno(rawValue: errno))
      case EBADF, EFAULT, EINVAL, ENOTSOCK, EOPNOTSUPP:
        fatalError("accept: \(Errno(rawValue: errno)): a bug of this program")
      case let code: return .transient(Errno(rawValue: code))
      }
    }
  }

  deinit {
    // Somebody else may have replaced the file since; that one is theirs.
    if let status = try? location.status(), status.identity == identity {
      try? location.unlink()
    }
  }
}

extension UnixListener {
  /// Locks the socket's directory against another start at the same place, for at most two seconds.
  private static func lockDirectory(of path: String) throws(SocketError) -> AdvisoryLock {
    let directory = splitPath(path).directory
    let deadline = SystemClock.monotonicNanos() + 2_000_000_000
    var file = FileDescriptor(
      owning: try socketCall("open", path: directory) {
        unsafe Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      })
    while true {
      let attempt: AdvisoryLock.Attempt
      do {
        attempt = try AdvisoryLock.attempt(file, path: directory)
      } catch {
        throw .system(error)
      }
      switch consume attempt {
      case .taken(let lock): return lock
      case .held(let again): file = again
      }
      if SystemClock.monotonicNanos() > deadline { throw .startInProgress(path) }
      // Not a wait for a known event: flock offers no timeout, and a start takes milliseconds.
      usleep(5_000)
    }
  }

  /// Removes the socket file of a dead server, and nothing else.
  private static func removeStaleSocket(at location: borrowing SocketPath) throws(SocketError) {
    guard let status = try location.status() else { return }
    let path = location.path
    guard status.kind == .socket else { throw .notASocket(path) }
    let probe = FileDescriptor(owning: try socketCall("socket") { clinux_unix_socket(1) })
    let address = location.address
    if unsafe clinux_unix_connect(probe.rawValue, address) == 0 { throw .alreadyServed(path) }
    switch errno {
    case ECONNREFUSED: try location.unlink()
    case ENOENT: return
    // A full queue, or a socket of another type: somebody is there.
    case EAGAIN, EPROTOTYPE, EINTR: throw .alreadyServed(path)
    case let code: throw .system(failure(code, "connect", path: path))
    }
  }
}
