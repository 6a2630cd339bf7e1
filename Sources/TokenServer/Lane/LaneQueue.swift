internal import LinuxIO
internal import Synchronization

/// The requests that wait for the lane. Bounded; what came over the admin socket goes first, so
/// that an operator can always revoke.
final class LaneQueue: @unchecked Sendable {
  private let lock = PthreadMutex()
  private let notifier: EventNotifier
  // Guarded by `lock`.
  private var urgent: [LaneRequest] = []
  private var ordinary: [LaneRequest] = []
  /// The first of `ordinary` that has not been taken.
  private var head = 0
  private var isStopping = false

  /// How many wait; read without the lock.
  private let waiting = Atomic<Int>(0)

  /// Requests that may wait; one more is answered BUSY.
  static let capacity = 65_536
  /// Ordinary requests that one turn of the lane takes: replies leave, and urgent requests are
  /// looked at, after each turn.
  static let turnCapacity = 256

  init() throws(SystemError) { notifier = try EventNotifier() }

  /// Whether a request more would be too many. A worker asks before it decodes one.
  func isFull(gathered: Int) -> Bool {
    waiting.load(ordering: .relaxed) + gathered >= Self.capacity
  }

  /// Takes a worker's requests of one turn and leaves the array empty. Any thread; one lock.
  func enqueue(_ batch: inout [LaneRequest]) {
    waiting.wrappingAdd(batch.count, ordering: .relaxed)
    lock.withLock {
      if ordinary.isEmpty && !batch.contains(where: \.isUrgent) { return swap(&ordinary, &batch) }
      for request in batch {
        if request.isUrgent { urgent.append(request) } else { ordinary.append(request) }
      }
    }
    batch.removeAll(keepingCapacity: true)
    notifier.notify()
  }

  /// Makes the lane turn once, with nothing new.
  func wake() { notifier.notify() }

  /// Makes `next` say that the lane is to end.
  func stop() {
    lock.withLock { isStopping = true }
    notifier.notify()
  }

  /// Fills the batch with the requests of one turn; empty when none wait. False = end now: nobody
  /// is left to answer.
  func next(_ batch: inout [LaneRequest]) -> Bool {
    batch.removeAll(keepingCapacity: true)
    let goesOn = lock.withLock {
      swap(&urgent, &batch)
      if batch.isEmpty && head == 0 && ordinary.count <= Self.turnCapacity {
        // All of them, and nothing is copied.
        swap(&ordinary, &batch)
        return !isStopping
      }
      let end = min(head + Self.turnCapacity, ordinary.count)
      batch.append(contentsOf: ordinary[head..<end])
      head = end
      if head == ordinary.count {
        ordinary.removeAll(keepingCapacity: true)
        head = 0
      } else if head >= Self.capacity {
        // Under a flood that never pauses, what was taken would stay for ever.
        ordinary.removeFirst(head)
        head = 0
      }
      return !isStopping
    }
    waiting.wrappingSubtract(batch.count, ordering: .relaxed)
    return goesOn
  }

  /// Sleeps until something is enqueued, or the time has passed.
  func wait(timeoutMillis: Int32) {
    _ = try? notifier.descriptor.poll(for: .readable, timeoutMillis: timeoutMillis)
    _ = notifier.drain()
  }
}
