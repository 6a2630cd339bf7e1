internal import LinuxIO
internal import TokenStorage

/// What other threads put in front of the journal's thread: finished turns, prepared segments, the
/// order to stop. Bounded: the lane waits while too many turns are on their way.
final class JournalQueue: @unchecked Sendable {
  /// A segment that was asked for, or why there is none.
  enum Preparation: Sendable {
    case segment(PreparedSegment)
    case failed(SystemError)
  }

  struct Content: Sendable {
    var turns: [LaneTurn] = []
    var preparation: Preparation?
    var isStopping = false
  }

  private let lock = PthreadMutex()
  /// Guarded by `lock`.
  private var content = Content()
  private let arrived: EventNotifier
  private let room: EventNotifier

  /// Turns on their way before the lane waits.
  static let turnCapacity = 64

  init() throws(SystemError) {
    arrived = try EventNotifier()
    room = try EventNotifier()
  }

  func put(_ turn: LaneTurn) {
    lock.withLock { content.turns.append(turn) }
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

  var isFull: Bool { lock.withLock { content.turns.count >= Self.turnCapacity } }

  /// Waits until the journal's thread has taken turns, or the time has passed.
  func waitForRoom(timeoutMillis: Int32) {
    _ = try? room.descriptor.poll(for: .readable, timeoutMillis: timeoutMillis)
    _ = room.drain()
  }

  /// Takes everything.
  func take() -> Content {
    let taken = lock.withLock {
      defer { content = Content(isStopping: content.isStopping) }
      return content
    }
    if taken.turns.count >= Self.turnCapacity { room.notify() }
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
