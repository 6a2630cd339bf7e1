public import LinuxIO

/// What other threads put in front of a worker: replies from the lane, connections from the
/// acceptor, the order to drain.
///
/// One lock, held for the moving of a few words. The worker takes everything at once and leaves
/// empty arrays, so that storage goes to and fro and steady traffic allocates nothing.
public final class WorkerInbox<Outcome: Sendable>: @unchecked Sendable {
  // Everything mutable below is guarded by `lock`; the descriptors are constant.
  private let lock = PthreadMutex()
  private var replies: [LaneReply<Outcome>] = []
  private var connections: [HandedConnection] = []
  private var order = WorkerOrder.serve
  private var isNotified = false
  let notifier: EventNotifier
  /// The worker's own. It is made here, by the thread that can still report a failure.
  let epoll: Epoll

  public init() throws(SystemError) {
    notifier = try EventNotifier()
    epoll = try Epoll()
  }

  deinit {
    // Handed over and never taken: nobody else closes these.
    for connection in connections { _ = FileDescriptor(owning: connection.rawDescriptor) }
  }

  /// Delivers replies and leaves `batch` empty, with storage to be used again. Any thread; one lock
  /// and at most one wake-up a batch.
  public func deliver(_ batch: inout [LaneReply<Outcome>]) {
    if batch.isEmpty { return }
    let wakes = lock.withLock {
      if replies.isEmpty {
        swap(&replies, &batch)
      } else {
        replies.append(contentsOf: batch)
      }
      return noteWakeUp()
    }
    batch.removeAll(keepingCapacity: true)
    if wakes { notifier.notify() }
  }

  /// Hands a connection over; from here on the worker owns the descriptor.
  func hand(_ connection: HandedConnection) {
    let wakes = lock.withLock {
      connections.append(connection)
      return noteWakeUp()
    }
    if wakes { notifier.notify() }
  }

  /// Changes what the worker is to do. Orders only rise.
  func give(_ newOrder: WorkerOrder) {
    let wakes = lock.withLock {
      order = max(order, newOrder)
      return noteWakeUp()
    }
    if wakes { notifier.notify() }
  }

  /// Makes the worker look at its clock again.
  func wake() { notifier.notify() }

  /// Takes everything, in exchange for two empty arrays.
  func take(
    _ replies: inout [LaneReply<Outcome>], _ connections: inout [HandedConnection]
  ) -> WorkerOrder {
    lock.withLock {
      swap(&self.replies, &replies)
      swap(&self.connections, &connections)
      isNotified = false
      return order
    }
  }

  /// True for the first note since the worker last took: it is asleep or will look again anyway.
  private func noteWakeUp() -> Bool {
    defer { isNotified = true }
    return !isNotified
  }
}

/// A connection between acceptor and worker.
struct HandedConnection: Sendable {
  /// Owned by whoever holds this value last.
  let rawDescriptor: Int32
  let caller: Caller
}

/// What a worker is to do.
enum WorkerOrder: Int, Sendable, Comparable {
  case serve
  /// Answer what was received, then close each connection; end when none is left.
  case drain
  /// End now.
  case stop

  static func < (left: WorkerOrder, right: WorkerOrder) -> Bool { left.rawValue < right.rawValue }
}
