import Foundation
import Synchronization

@testable import TokenCore

/// Sebastiano Vigna's SplitMix64: a failing test is its seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { bytes.append(UInt8(truncatingIfNeeded: next())) }
    return bytes
  }
}

/// An arena over memory of its own. Keep it alive as long as its tables.
@safe
final class TestArena: Sendable {
  nonisolated(unsafe) private let memory: UnsafeMutableRawBufferPointer
  let arena: Arena

  init(_ limits: ArenaLimits = .small) {
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

  /// The bytes of a page.
  func withPage<Result>(_ page: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let bytes = page * ArenaLayout.pageBytes..<(page + 1) * ArenaLayout.pageBytes
    return unsafe body(UnsafeRawBufferPointer(rebasing: memory[bytes]))
  }

  /// What another start finds in the same memory.
  func reopened(_ limits: ArenaLimits = .small) -> Arena? {
    unsafe Arena(memory, layout: ArenaLayout(limits))
  }
}

extension ArenaLimits {
  static var small: ArenaLimits {
    var limits = ArenaLimits(
      tokenCapacity: 5_000, scopeSetCapacity: 100, scopeSetMaxBytes: 128, audienceCapacity: 20,
      audienceMaxBytes: 512)
    limits[.grant] = RecordLimits(capacity: 300, strideBytes: 128)
    limits[.app] = RecordLimits(capacity: 50, strideBytes: 6_144)
    limits[.user] = RecordLimits(capacity: 200, strideBytes: 192)
    return limits
  }
}

/// Runs `read` over and over on threads of its own while `write` runs here. `read` is first called
/// before `write` starts, and again after it ended.
func withReaders(_ count: Int, read: @escaping @Sendable () -> Void, write: () -> Void) {
  let state = ReaderState()
  for _ in 0..<count {
    let thread = Thread {
      read()
      state.started.signal()
      while !state.isOver.load(ordering: .acquiring) { read() }
      read()
      state.ended.signal()
    }
    thread.start()
  }
  for _ in 0..<count { state.started.wait() }
  write()
  state.isOver.store(true, ordering: .releasing)
  for _ in 0..<count { state.ended.wait() }
}

private final class ReaderState: Sendable {
  let started = DispatchSemaphore(value: 0)
  let isOver = Atomic<Bool>(false)
  let ended = DispatchSemaphore(value: 0)
}

/// Faults that reader threads saw.
final class FaultCount: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.add(1, ordering: .relaxed) }
  var total: Int { count.load(ordering: .relaxed) }
}

/// A record in which every word follows from the number, so that a mixture of two shows.
func numberedRecord(_ number: UInt64) -> TokenRecord {
  var random = SplitMix64(number)
  return TokenRecord(
    kind: UInt8(1 + number % 63), keyID: UInt8(truncatingIfNeeded: number),
    expirySeconds: UInt32(truncatingIfNeeded: number &* 7 | 1),
    id: TokenID(word0: number, word1: random.next()),
    digest: TokenDigest(word0: random.next(), word1: random.next()),
    position: random.next() >> 16, scopeSet: UInt16(truncatingIfNeeded: random.next()),
    audience: UInt16(truncatingIfNeeded: random.next()),
    flags: UInt16(truncatingIfNeeded: random.next()), grant: UInt32(random.below(300)),
    app: UInt32(random.below(50)), user: UInt32(random.below(200)))
}
