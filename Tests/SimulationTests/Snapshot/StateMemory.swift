import Foundation

@testable import TokenCore

/// An empty arena over memory of its own. Keep it alive as long as a state over it.
@safe
final class StateMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  let arena: Arena

  convenience init(_ sizes: TableSizes = .small) { self.init(sizes.arenaLimits) }

  init(_ limits: ArenaLimits) {
    let layout = ArenaLayout(limits)
    let start = UnsafeMutableRawPointer.allocate(byteCount: layout.byteCount, alignment: 64)
    // Not `initializeMemory`, which debug builds do byte by byte.
    unsafe memset(start, 0, layout.byteCount)
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: layout.byteCount)
    guard let arena = unsafe Arena(memory, layout: layout) else {
      preconditionFailure("fresh memory was refused")
    }
    self.arena = arena
  }

  deinit { unsafe memory.deallocate() }

  func state(_ position: UInt64? = nil) -> ServiceState {
    ServiceState(arena: arena, hash: TextHash(key0: 8, key1: 9), position: position)
  }
}

extension ArenaLimits {
  /// The same tables with rows as version 1 of their bytes had them.
  var inWholeLines: ArenaLimits {
    var limits = self
    for kind in RecordKind.allCases {
      limits[kind].strideBytes = limits[kind].wholeLineStrideBytes
    }
    return limits
  }
}
