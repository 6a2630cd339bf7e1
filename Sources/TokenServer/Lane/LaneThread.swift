internal import LinuxIO
internal import Synchronization
internal import TokenCore

/// The lane's thread, so that it can be stopped once and waited for.
final class LaneThread: Sendable {
  private let thread: Mutex<SystemThread?>

  init(_ thread: consuming SystemThread) { self.thread = Mutex(thread) }

  /// Ends the lane and waits for it.
  func stop(_ lane: CommitLane) {
    lane.stop()
    let taken = thread.withLock { $0.take() }
    if let taken { taken.join() }
  }
}

extension CommitLane {
  /// Starts the thread, which owns the state from here on.
  ///
  /// - Parameter notBefore: the last time that was recorded; the lane's never goes below it.
  func start(
    _ state: consuming ServiceState, notBefore: UInt64
  ) throws(SystemError) -> LaneThread {
    let handed = HandedState(state)
    return LaneThread(
      try SystemThread.spawn(name: "commit-lane") { self.run(handed.take(), notBefore: notBefore) })
  }
}

/// Carries the state to the thread that will own it: a closure that may run more than once cannot
/// capture a value that can be consumed only once.
///
/// Unchecked: it is filled before the thread is made and emptied by that thread only.
private final class HandedState: @unchecked Sendable {
  private var state: ServiceState?

  init(_ state: consuming ServiceState) { self.state = consume state }

  func take() -> ServiceState {
    guard let state = state.take() else { preconditionFailure("the lane starts once") }
    return state
  }
}
