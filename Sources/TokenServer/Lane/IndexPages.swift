internal import LinuxIO
internal import Synchronization
internal import TokenCore

/// Where the token index's segments come from: huge pages, so that a look-up in a large index does
/// not miss the processor's table of pages each time, and one of them always ahead of need. The
/// first touch of a huge page takes hundreds of microseconds: no split waits for it.
final class IndexPages: Sendable {
  private let next = Mutex<Next>(.none)
  private let runBeside: @Sendable (sending @escaping () -> Void) throws(SystemError) -> Void

  private enum Next {
    case none, beingMade
    case ready(MemoryRegion)
  }

  /// - Parameter runBeside: runs a function on a thread of its own.
  init(
    runBeside: @escaping @Sendable (sending @escaping () -> Void) throws(SystemError) -> Void = {
      body throws(SystemError) in
      // Not waited for: it holds nothing but memory.
      _ = try SystemThread.spawn(name: "index-memory", body)
    }
  ) { self.runBeside = runBeside }

  /// What an index asks. Keeps these pages alive.
  var mapping: IndexMapping {
    unsafe IndexMapping { byteCount in unsafe self.take(byteCount) }
  }

  /// Memory that nobody used before. Traps where there is none, as every allocation does.
  @unsafe
  private func take(_ byteCount: Int) -> UnsafeMutableRawPointer {
    // The first segments of an index together fill no huge page.
    let isLarge = byteCount == IndexMapping.largestByteCount
    // Pieces double: after one of half that size comes the first large one.
    let isNear = byteCount * 2 >= IndexMapping.largestByteCount
    let ready = isNear ? takeReady(isLarge) : nil
    return unsafe (ready ?? Self.region(byteCount, hugePages: isLarge)).base
  }

  /// What was made ahead, where it is wanted now; sees to it that something is, afterwards.
  private func takeReady(_ isWanted: Bool) -> MemoryRegion? {
    let (ready, isMissing) = next.withLock { next -> (MemoryRegion?, Bool) in
      switch next {
      case .beingMade: return (nil, false)
      case .none:
        next = .beingMade
        return (nil, true)
      case .ready(let region):
        guard isWanted else { return (nil, false) }
        next = .beingMade
        return (region, true)
      }
    }
    if isMissing { makeNext() }
    return ready
  }

  /// On a thread of its own, which ends with that: it happens once in two hundred thousand tokens.
  private func makeNext() {
    do throws(SystemError) {
      try runBeside {
        let region = try? MemoryRegion(
          byteCount: IndexMapping.largestByteCount, hugePages: true)
        region?.touchAll()
        // Without memory: nobody needs it yet, and who does asks for it himself.
        self.next.withLock { $0 = region.map(Next.ready) ?? .none }
      }
    } catch {
      // No thread now: the next one who asks tries again.
      next.withLock { $0 = .none }
    }
  }

  private static func region(_ byteCount: Int, hugePages: Bool) -> MemoryRegion {
    do throws(SystemError) {
      return try MemoryRegion(byteCount: byteCount, hugePages: hugePages)
    } catch {
      fatalError("out of memory for an index: \(error.description)")
    }
  }
}
