internal import Glibc

/// A lock between threads (pthread, not recursive). For short critical sections that move a few
/// words; nothing on the validation path takes one.
@safe
public final class PthreadMutex: @unchecked Sendable {
  // Invariant: initialised here, destroyed in deinit, never moved.
  private let raw: UnsafeMutablePointer<pthread_mutex_t>

  public init() {
    unsafe raw = .allocate(capacity: 1)
    unsafe raw.initialize(to: pthread_mutex_t())
    let result = unsafe pthread_mutex_init(raw, nil)
    precondition(result == 0, "pthread_mutex_init: \(result)")
  }

  deinit {
    let result = unsafe pthread_mutex_destroy(raw)
    precondition(result == 0, "a mutex went away while it was locked")
    unsafe raw.deallocate()
  }

  /// Waits for the lock. Locking twice in one thread waits for ever.
  public func lock() {
    let result = unsafe pthread_mutex_lock(raw)
    precondition(result == 0, "pthread_mutex_lock: \(result)")
  }

  /// Gives the lock up; only the thread that holds it may.
  public func unlock() {
    let result = unsafe pthread_mutex_unlock(raw)
    precondition(result == 0, "pthread_mutex_unlock: \(result)")
  }

  /// Runs `body` under the lock, and unlocks also when it throws.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock()
    defer { unlock() }
    return try body()
  }
}
