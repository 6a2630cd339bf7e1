import LinuxIO
import StorageSupport
import Testing
import TokenCore
import TokenStorage

@testable import TokenServer

/// Everything durable that a state holds, byte by byte.
struct ArenaImage: Equatable {
  var position: UInt64
  /// Of those that are not all zeros.
  var pages: [Int: [UInt8]] = [:]

  /// What the memory of a state that nobody uses any more holds.
  init(_ memory: MemoryRegion, position: UInt64) throws {
    try self.init(JournalPlan.state(over: memory, position: position))
  }

  /// What a start would find on the disk.
  init(recovering disk: StallingDisk) throws {
    let memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    var state = try JournalPlan.state(over: memory)
    if case .refused(let refusal) = JournalPlan.read(disk, &state) { throw refusal }
    try self.init(state)
    // The pages were copied; only now may the memory go.
    withExtendedLifetime(memory.byteCount) {}
  }

  private init(_ state: borrowing ServiceState) throws {
    position = state.position
    let begun = state.beginSnapshot()
    let cut = try #require(begun)
    for page in cut.pages {
      var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      let isWhole = unsafe bytes.withUnsafeMutableBytes { unsafe cut.copyPage(page, into: $0) }
      try #require(isWhole)
      if bytes.contains(where: { $0 != 0 }) { pages[page] = bytes }
    }
    cut.end()
  }

  /// Where the two differ; nil = nowhere. Whole pages in a message would fill the screen.
  func difference(from other: ArenaImage) -> String? {
    if self == other { return nil }
    let keys = Set(pages.keys).union(other.pages.keys).filter { pages[$0] != other.pages[$0] }
    return "positions \(position) and \(other.position), pages \(keys.sorted())"
  }
}
