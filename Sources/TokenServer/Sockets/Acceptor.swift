internal import LinuxIO
internal import TokenWire

/// Accepts for all workers, on the thread that also takes the signals.
///
/// Why one acceptor and not one a worker: connections of a gateway are few and live long, so their
/// spread over workers decides the throughput. The kernel's exclusive wake-ups favour whoever slept
/// last and pile connections up on one worker; one acceptor hands each to the worker with the
/// fewest. It also counts for the caps in one place, without atomics. The price is one thread hop a
/// connection.
struct Acceptor: ~Copyable {
  private var sockets: [ServerSocket]
  private let listeners: ListenerTable
  private let rights: RightsTable
  private let log: Log
  private var quota: ConnectionQuota
  private var spare: SpareDescriptor
  /// Whether the listeners are watched. They are not while descriptors are exhausted: a waiting
  /// peer would wake the loop for ever.
  private(set) var isArmed = false
  /// Connections of each worker.
  private(set) var load: [Int]

  /// Listener `i` has the tag of slot `i`.
  init(
    sockets: [ServerSocket], rights: RightsTable, limits: ServerLimits, log: Log
  ) throws(SystemError) {
    self.sockets = sockets
    listeners = ListenerTable(sockets.map(\.configuration))
    self.rights = rights
    self.log = log
    quota = ConnectionQuota(limits)
    spare = try SpareDescriptor()
    load = Array(repeating: 0, count: limits.workers)
  }

  /// Connections that are open.
  var count: Int { quota.total }

  /// Starts watching the listeners.
  mutating func arm(_ epoll: borrowing Epoll) throws(SystemError) {
    if isArmed { return }
    spare.refill()
    for (index, socket) in sockets.enumerated() {
      try epoll.add(
        socket.listener.descriptor, tag: EventTag(slot: UInt32(index), generation: 0),
        interest: .read)
    }
    isArmed = true
  }

  /// Stops watching them; who connects waits in the kernel's queue.
  mutating func disarm(_ epoll: borrowing Epoll) throws(SystemError) {
    if !isArmed { return }
    for socket in sockets { try epoll.remove(socket.listener.descriptor) }
    isArmed = false
  }

  /// Takes who waits already and closes the listeners; their files go too.
  mutating func close(
    _ epoll: borrowing Epoll, hand: (Int, HandedConnection) -> Void
  ) throws(SystemError) {
    try disarm(epoll)
    for index in sockets.indices { _ = accept(index, hand: hand) }
    sockets = []
  }

  /// Accepts what waits on one listener, at most 64 at a time, so that the others and the signals
  /// get their turn. False when descriptors are exhausted.
  mutating func accept(
    _ index: Int, hand: (Int, HandedConnection) -> Void
  ) -> Bool {
    for _ in 0..<64 {
      switch sockets[index].listener.accept() {
      case .accepted(let connection):
        take(connection.descriptor, connection.peer, index, hand)
      case .wouldBlock: return true
      case .transient(let errno):
        log.debug("accept on \(sockets[index].configuration.path): \(errno)")
      case .descriptorsExhausted(let errno):
        log.error(
          "accept on \(sockets[index].configuration.path): \(errno); accepting nobody until a "
            + "connection closes; raise the limit of open files")
        // The peer sees a closed connection in place of silence.
        _ = spare.shedOne(from: sockets[index].listener)
        return false
      }
    }
    return true
  }

  private mutating func take(
    _ descriptor: consuming FileDescriptor, _ peer: PeerCredentials, _ index: Int,
    _ hand: (Int, HandedConnection) -> Void
  ) {
    let configuration = sockets[index].configuration
    if let reason = quota.admit(uid: peer.uid, isAdmin: configuration.isAdmin) {
      log.warning("connection of uid \(peer.uid) on \(configuration.path) refused: \(reason)")
      return Self.sendRefusal(descriptor, reason)
    }
    var groups = [peer.gid]
    do throws(SystemError) {
      groups += try descriptor.peerGroups()
    } catch {
      // Fewer groups are fewer rights.
      log.warning("groups of uid \(peer.uid): \(error)")
    }
    let caller = Caller(
      uid: peer.uid, gid: peer.gid, pid: peer.pid,
      rights: rights.rights(uid: peer.uid, groups: groups, ceiling: configuration.rights),
      listener: UInt16(index), maxFrameBytes: UInt32(WireLimits.frameBytesMin))
    let worker = load.indices.min { load[$0] < load[$1] } ?? 0
    load[worker] += 1
    hand(worker, HandedConnection(rawDescriptor: descriptor.release(), caller: caller))
  }

  /// Counts what workers have closed.
  mutating func release(_ closed: [CloseReports.Closed]) {
    for connection in closed {
      load[Int(connection.worker)] -= 1
      let isAdmin = listeners[connection.listener].isAdmin
      quota.release(uid: connection.uid, isAdmin: isAdmin)
    }
  }

  /// One error frame, which always fits a fresh socket's buffer; then the descriptor closes.
  private static func sendRefusal(_ descriptor: consuming FileDescriptor, _ reason: String) {
    var writer = WireWriter(capacity: 512)
    let body = ErrorBody(.tooManyConnections, message: reason, retryAfterMillis: 1_000)
    writer.error(.tooManyConnections, body, opcode: Opcode.hello.rawValue, requestId: 0)
    // A peer that is gone already does not need it.
    _ = try? unsafe writer.withUnsafeBytes {
      (bytes) throws(SystemError) in try unsafe descriptor.send(bytes)
    }
  }
}
