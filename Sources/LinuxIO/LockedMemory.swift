internal import CLinux
internal import Glibc

/// Memory for a secret: not swapped (mlock), not in core dumps, wiped before it is given back.
///
/// Whole pages of its own, so use it for keys, not for every small value.
@safe
public struct LockedMemory: ~Copyable, @unchecked Sendable {
  /// Usable bytes, as asked for.
  public let byteCount: Int
  /// Why the memory could not be locked, which leaves it usable but swappable; nil when it is
  /// locked. Usually ENOMEM: `RLIMIT_MEMLOCK` is too small.
  public let lockFailure: SystemError?
  // Invariant: `mappedByteCount` mapped bytes, owned by this value alone.
  private let base: UnsafeMutableRawPointer
  private let mappedByteCount: Int

  /// Zeroed memory. Throws ENOMEM when there is none.
  public init(byteCount: Int) throws(SystemError) {
    precondition(byteCount > 0, "an empty secret")
    let rounded = try roundUpToPages(byteCount)
    guard let mapped = unsafe clinux_map(rounded) else { throw failure(errno, "mmap") }
    _ = unsafe clinux_advise_no_dump(mapped, rounded)
    self.byteCount = byteCount
    mappedByteCount = rounded
    unsafe base = mapped
    lockFailure =
      unsafe mlock(mapped, rounded) == 0
      ? nil : SystemError(errno: Errno(rawValue: errno), call: "mlock")
  }

  deinit {
    unsafe clinux_wipe(base, mappedByteCount)
    unsafe munmap(base, mappedByteCount)
  }

  /// Reads the secret. The pointer is valid inside `body` only.
  public borrowing func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: byteCount))
  }

  /// Fills or changes the secret. The pointer is valid inside `body` only.
  public mutating func withMutableBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: byteCount))
  }
}
