internal import LinuxIO
import Synchronization

/// The trusted time for worker threads: the lane publishes by how much wall time leads time since
/// boot, a worker adds the time since boot. Denials use the later of that and the wall clock, so an
/// expired token is refused whichever clock says so.
public final class SharedClock: Sendable {
  private let offsetMillis: Atomic<Int64>
  private let suspect = Atomic<Bool>(false)

  public init() {
    offsetMillis = Atomic(
      Int64(SystemClock.realtimeMillis()) - Int64(SystemClock.boottimeMillis()))
  }

  func publish(offsetMillis: Int64, isSuspect: Bool) {
    self.offsetMillis.store(offsetMillis, ordering: .relaxed)
    suspect.store(isSuspect, ordering: .relaxed)
  }

  /// Whether the wall clock has stepped and is not believed.
  public var isSuspect: Bool { suspect.load(ordering: .relaxed) }

  /// The lane's time now, Unix milliseconds: what is recorded, whatever the wall clock says.
  func trustedMillis() -> UInt64 {
    let trusted = Int64(SystemClock.boottimeMillis()) + offsetMillis.load(ordering: .relaxed)
    return UInt64(max(trusted, 0))
  }

  /// Unix milliseconds for judging expiry.
  public func denialMillis() -> UInt64 {
    max(trustedMillis(), SystemClock.realtimeMillis())
  }
}
