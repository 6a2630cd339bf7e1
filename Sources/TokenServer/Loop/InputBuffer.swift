/// Bytes of a connection that are read and not yet answered: the start of a frame, or whole frames
/// while the connection is held back. Empty most of the time, and then without memory.
///
/// Invariant behind the unsafe code: `base` is nil or `count` initialised bytes, owned by this
/// value alone.
@safe
struct InputBuffer: ~Copyable {
  private var base: UnsafeMutableRawPointer?
  private(set) var count = 0

  init() {}

  deinit { unsafe base?.deallocate() }

  /// Moves everything to the start of `scratch` and returns how many bytes that were.
  mutating func move(to scratch: UnsafeMutableRawBufferPointer) -> Int {
    guard let source = unsafe base else { return 0 }
    let moved = count
    unsafe scratch.copyMemory(from: UnsafeRawBufferPointer(start: source, count: moved))
    unsafe source.deallocate()
    unsafe base = nil
    count = 0
    return moved
  }

  /// Keeps a copy of `bytes`, in place of what was here.
  mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    unsafe base?.deallocate()
    count = bytes.count
    if unsafe bytes.isEmpty {
      unsafe base = nil
      return
    }
    let fresh = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 16)
    unsafe fresh.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    unsafe base = fresh
  }

  /// The bytes, for a look. The pointer is valid for the closure only.
  func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }
}
