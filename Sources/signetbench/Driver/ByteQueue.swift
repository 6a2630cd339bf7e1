/// Bytes of one connection in one direction: appended at the end, taken from the front.
///
/// It grows while a run begins and then stays as large as the traffic needs.
///
/// Invariant behind the unsafe code: `base` is `capacity` bytes owned by this value alone;
/// 0 ≤ head ≤ tail ≤ capacity; bytes in head..<tail are initialised.
@safe
struct ByteQueue: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var head = 0
  private var tail = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(byteCount: self.capacity, alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  var count: Int { tail - head }

  /// What waits. Valid until the next change.
  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: base + head, count: tail - head)
  }

  /// Room for `byteCount` bytes behind what waits; say `append` once they are written. Valid until
  /// the next change.
  mutating func room(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    if capacity - tail < byteCount { makeRoom(byteCount) }
    return unsafe UnsafeMutableRawBufferPointer(start: base + tail, count: capacity - tail)
  }

  /// Counts bytes that were written into `room`.
  mutating func append(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= capacity - tail, "more bytes than there is room")
    tail += byteCount
  }

  /// Drops bytes from the front.
  mutating func removeFirst(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= count, "more bytes than are waiting")
    head += byteCount
    if head == tail { (head, tail) = (0, 0) }
  }

  private mutating func makeRoom(_ byteCount: Int) {
    let waiting = count
    var size = capacity
    while size - waiting < byteCount { size *= 2 }
    if size == capacity {
      unsafe base.copyMemory(from: base + head, byteCount: waiting)
    } else {
      let fresh = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      unsafe fresh.copyMemory(from: base + head, byteCount: waiting)
      unsafe base.deallocate()
      unsafe base = fresh
      capacity = size
    }
    (head, tail) = (0, waiting)
  }
}
