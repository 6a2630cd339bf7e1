internal import CLinux
internal import Glibc

/// A large piece of zeroed memory that is reserved now and costs pages only where it is touched.
///
/// Never unmapped: readers without a lock may hold a pointer into it at any time, so it lives as
/// long as the process. Allocate a few at start, not one per request. Kept out of core dumps.
@safe
public struct MemoryRegion: @unchecked Sendable {
  /// The first byte; page aligned, and a huge page's where they were asked for. Who reads and
  /// writes what is up to the tables inside.
  public let base: UnsafeMutableRawPointer
  /// As asked for, rounded up to whole pages.
  public let byteCount: Int

  /// Reserves `byteCount` bytes (MAP_NORESERVE: no swap is set aside, so running out of memory
  /// kills the process at the first touch; callers bound what they touch). Throws ENOMEM when the
  /// address space or its limit is too small.
  public init(byteCount: Int, hugePages: Bool = false) throws(SystemError) {
    precondition(byteCount > 0, "an empty region")
    let rounded = try roundUpToPages(byteCount)
    // A huge page is whole and lies at a multiple of its size: so much more address space is taken.
    let spare = hugePages ? 2 * hugePageByteCount : 0
    let (reserved, overflow) = rounded.addingReportingOverflow(spare)
    if overflow { throw SystemError(errno: .outOfMemory, call: "mmap") }
    guard let first = unsafe clinux_map(reserved) else { throw failure(errno, "mmap") }
    let mapped = unsafe hugePages ? first.alignedUp(toMultipleOf: hugePageByteCount) : first
    unsafe base = mapped
    self.byteCount = rounded
    let advised = hugePages ? rounded + (-rounded & (hugePageByteCount - 1)) : rounded
    // Advice only: a kernel built without one of these works as well, just slower or more
    // talkative.
    if hugePages { _ = unsafe clinux_advise_huge(mapped, advised) }
    _ = unsafe clinux_advise_no_dump(mapped, advised)
  }
}

extension MemoryRegion {
  /// Asks for huge pages where whole ones lie in these bytes; both bounds are rounded down to a
  /// page. Advice: a kernel without them goes on with small ones.
  public func useHugePages(in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "outside the region")
    let first = range.lowerBound / pageByteCount * pageByteCount
    let count = (range.upperBound - first) / pageByteCount * pageByteCount
    if count > 0 { _ = unsafe clinux_advise_huge(base + first, count) }
  }

  /// Takes the memory now, with a write of zero to each page, so that no later first touch waits
  /// for it. For a region that nobody uses yet.
  public func touchAll() {
    let bytes = unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount)
    for offset in stride(from: 0, to: byteCount, by: pageByteCount) {
      unsafe bytes.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
  }
}

/// Bytes in a huge page of x86-64 and of most other systems.
private let hugePageByteCount = 2 << 20

/// Bytes in a page.
let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

/// ENOMEM for what cannot be an address range.
func roundUpToPages(_ byteCount: Int) throws(SystemError) -> Int {
  let (sum, overflow) = byteCount.addingReportingOverflow(pageByteCount - 1)
  if overflow { throw SystemError(errno: .outOfMemory, call: "mmap") }
  return sum & ~(pageByteCount - 1)
}
