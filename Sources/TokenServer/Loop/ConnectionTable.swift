internal import LinuxIO
internal import TokenWire

/// The connections of one worker, in slots that are used again. A slot's generation goes up when
/// its connection closes, so that a late event or reply for it is seen to be late.
///
/// Invariant behind the unsafe code: `slots` has room for `generations.count` connections;
/// `slots[i]` is initialised exactly when `isLive[i]`. Pointers that `pointer` gives out are valid
/// until the next `insert`.
@safe
struct ConnectionTable: ~Copyable {
  private var slots: UnsafeMutablePointer<Connection>
  private var isLive: [Bool] = []
  private var generations: [UInt32] = []
  private var free: [UInt32] = []
  /// Live connections.
  private(set) var count = 0

  /// The tag of the worker's own notifier: no slot has this number.
  static let notifierTag = EventTag(slot: .max, generation: 0)

  init() {
    unsafe slots = .allocate(capacity: 0)
  }

  deinit {
    for index in isLive.indices where isLive[index] {
      unsafe (slots + index).deinitialize(count: 1)
    }
    unsafe slots.deallocate()
  }

  /// Slots that were ever used; live ones are below this.
  var slotCount: Int { isLive.count }

  /// The tag of the next connection.
  mutating func insert(
    _ descriptor: consuming FileDescriptor, caller: Caller, now: UInt64
  ) -> EventTag {
    if free.isEmpty { grow() }
    let slot = free.removeLast()
    let tag = EventTag(slot: slot, generation: generations[Int(slot)])
    unsafe (slots + Int(slot)).initialize(
      to: Connection(descriptor, tag: tag, caller: caller, now: now))
    isLive[Int(slot)] = true
    count += 1
    return tag
  }

  /// The connection with this tag, nil when it is gone.
  func pointer(_ tag: EventTag) -> UnsafeMutablePointer<Connection>? {
    let slot = Int(tag.slot)
    guard slot < isLive.count, isLive[slot], generations[slot] == tag.generation else {
      return nil
    }
    return unsafe slots + slot
  }

  /// The live connection in a slot, nil when there is none.
  func pointer(slot: Int) -> UnsafeMutablePointer<Connection>? {
    isLive[slot] ? unsafe slots + slot : nil
  }

  /// Closes a connection; its slot may be used at once.
  mutating func remove(_ tag: EventTag) {
    let slot = Int(tag.slot)
    precondition(isLive[slot] && generations[slot] == tag.generation, "closed twice")
    unsafe (slots + slot).deinitialize(count: 1)
    isLive[slot] = false
    generations[slot] &+= 1
    free.append(tag.slot)
    count -= 1
  }

  private mutating func grow() {
    let old = isLive.count
    let new = max(old * 2, 64)
    let fresh = UnsafeMutablePointer<Connection>.allocate(capacity: new)
    // Only when no slot is free, so every old one is live.
    unsafe fresh.moveInitialize(from: slots, count: old)
    unsafe slots.deallocate()
    unsafe slots = fresh
    isLive += Array(repeating: false, count: new - old)
    generations += Array(repeating: 1, count: new - old)
    free = (old..<new).reversed().map { UInt32($0) }
  }
}
