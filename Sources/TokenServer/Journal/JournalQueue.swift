internal import LinuxIO
internal import Synchronization
internal import TokenStorage

/// What other threads put in front of the journal's thread: finished turns, prepared segments, the
/// order to stop. Bounded: the lane waits while too much is on its way. Turns are not counted:
/// where a sync hangs, each revocation that comes alone is a turn, and none may stop the lane.
final class JournalQueue: @unchecked Sendable {
  /// A segment that was asked for, or why there is none.
  enum Preparation: Sendable {
    case segment(PreparedSegment)
    case failed(SystemError)
  }

  struct Content: Sendable {
    var turns: [LaneTurn] = []
    var weight = 0
    var preparation: Preparation?
    var isStopping = false
  }

  private let lock = PthreadMutex()
  /// Guarded by `lock`.
  private var content = Content()
  private let arrived: EventNotifier
  private let room: EventNotifier

  private let capacity: Int
  /// Commits in `content`, for a look without the lock.
  private let commits = Atomic<Int>(0)

  /// - Parameter capacity: replies and effects on their way before the lane waits.
  init(capacity: Int = JournalLimits.queuedWeightMax) throws(SystemError) {
    self.capacity = capacity
    arrived = try EventNotifier()
    room = try EventNotifier()
  }

  func put(_ turn: LaneTurn) {
    let weight = turn.weight
    lock.withLock {
      content.turns.append(turn)
      content.weight += weight
      commits.wrappingAdd(turn.commits.count, ordering: .relaxed)
    }
    arrived.notify()
  }

  func put(_ preparation: Preparation) {
    lock.withLock { content.preparation = preparation }
    arrived.notify()
  }

  func stop() {
    lock.withLock { content.isStopping = true }
    arrived.notify()
  }

  /// Whether nothing waits for the journal's thread, not even the order to stop.
  var isEmpty: Bool {
    lock.withLock { content.turns.isEmpty && content.preparation == nil && !content.isStopping }
  }

  /// How many commits wait to be taken. May be behind the truth.
  var commitCount: Int { commits.load(ordering: .relaxed) }

  var isFull: Bool { lock.withLock { content.weight >= capacity } }

  /// Waits until the journal's thread has taken turns, or the time has passed.
  func waitForRoom(timeoutMillis: Int32) {
    _ = try? room.descriptor.poll(for: .readable, timeoutMillis: timeoutMillis)
    _ = room.drain()
  }

  /// Takes everything.
  func take() -> Content {
    let taken = lock.withLock {
      defer { content = Content(isStopping: content.isStopping) }
      commits.store(0, ordering: .relaxed)
      return content
    }
    if taken.weight >= capacity { room.notify() }
    return taken
  }

  /// Takes the preparation alone.
  func takePreparation() -> Preparation? { lock.withLock { content.preparation.take() } }

  /// Sleeps until something was put, or the time has passed.
  func wait(timeoutMillis: Int32) {
    _ = try? arrived.descriptor.poll(for: .readable, timeoutMillis: timeoutMillis)
    _ = arrived.drain()
  }
}
