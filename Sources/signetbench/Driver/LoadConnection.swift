internal import LinuxIO

/// One connection of the driver, with its free slots: a ring, so that slots are taken in the order
/// in which they were freed.
struct LoadConnection: ~Copyable {
  let descriptor: FileDescriptor
  let index: Int
  private let depth: Int
  var input = ByteQueue(capacity: 1 << 17)
  var output = ByteQueue(capacity: 1 << 14)
  /// Whether epoll was asked to tell when bytes can be sent.
  var awaitsRoom = false
  private var ring: [Int]
  private var first = 0
  private(set) var freeCount: Int

  init(_ descriptor: consuming FileDescriptor, index: Int, depth: Int) {
    self.descriptor = descriptor
    self.index = index
    self.depth = depth
    ring = Array(0..<depth)
    freeCount = depth
  }

  /// The slot that was freed first; not to be asked for when none is free.
  mutating func takeSlot() -> Ticket {
    let slot = ring[first]
    first = first + 1 == depth ? 0 : first + 1
    freeCount -= 1
    return Ticket(connection: index, slot: slot, index: index * depth + slot)
  }

  mutating func freeSlot(_ slot: Int) {
    let last = first + freeCount
    ring[last >= depth ? last - depth : last] = slot
    freeCount += 1
  }

  /// Takes back the slot that `takeSlot` has just given out.
  mutating func untakeSlot() {
    first = first == 0 ? depth - 1 : first - 1
    freeCount += 1
  }
}

/// The connections of a run.
///
/// Invariant behind the unsafe code: `base` is `count` initialised connections, owned by this value
/// alone, that do not move.
@safe
struct ConnectionSet: ~Copyable {
  private let base: UnsafeMutablePointer<LoadConnection>
  private(set) var count = 0

  /// - Parameter open: makes connection number `index`, ready for requests.
  init(
    _ shape: LoadShape, open: () throws(BenchError) -> FileDescriptor
  ) throws(BenchError) {
    unsafe base = .allocate(capacity: shape.connections)
    // Counted as they come: `deinit` frees those there are when the next one fails.
    while count < shape.connections {
      let descriptor = try open()
      unsafe (base + count).initialize(
        to: LoadConnection(descriptor, index: count, depth: shape.depth))
      count += 1
    }
  }

  deinit {
    unsafe base.deinitialize(count: count)
    unsafe base.deallocate()
  }

  /// The connection with this number, below `count`.
  func pointer(_ index: Int) -> UnsafeMutablePointer<LoadConnection> {
    precondition(index >= 0 && index < count, "no such connection")
    return unsafe base + index
  }
}
