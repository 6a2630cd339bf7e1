internal import CLinux
internal import Glibc

/// A large piece of zeroed memory that is reserved now and costs pages only where it is touched.
///
/// Never unmapped: readers without a lock may hold a pointer into it at any time, so it lives as
/// long as the process. Allocate a few at start, not one per request. Kept out of core dumps.
@safe
public struct MemoryRegion: @unchecked Sendable {
  /// The first byte; page aligned. Who reads and writes what is up to the tables inside.
  public let base: UnsafeMutableRawPointer
  /// As asked for, rounded up to whole pages.
  public let byteCount: Int

  /// Reserves `byteCount` bytes (MAP_NORESERVE: no swap is set aside, so running out of memory
  /// kills the process at the first touch; callers bound what they touch). Throws ENOMEM when the
  /// address space or its limit is too small.
  public init(byteCount: Int, hugePages: Bool = false) throws(SystemError) {
    precondition(byteCount > 0, "an empty region")
    let rounded = try roundUpToPages(byteCount)
    guard let mapped = unsafe clinux_map(rounded) else { throw failure(errno, "mmap") }
    unsafe base = mapped
    self.byteCount = rounded
    // Advice only: a kernel built without one of these works as well, just slower or more
    // talkative.
    if hugePages { _ = unsafe clinux_advise_huge(mapped, rounded) }
    _ = unsafe clinux_advise_no_dump(mapped, rounded)
  }
}

/// Bytes in a page.
let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

/// ENOMEM for what cannot be an address range.
func roundUpToPages(_ byteCount: Int) throws(SystemError) -> Int {
  let (sum, overflow) = byteCount.addingReportingOverflow(pageByteCount - 1)
  if overflow { throw SystemError(errno: .outOfMemory, call: "mmap") }
  return sum & ~(pageByteCount - 1)
}
