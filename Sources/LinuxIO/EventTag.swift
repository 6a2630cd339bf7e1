/// What `Epoll` hands back with an event: which slot of the loop's table, and which tenant of it.
///
/// Why a generation: one `wait` may return an event for a descriptor that the handling of an
/// earlier event of the same batch has closed, and whose slot a new connection has taken. Its owner
/// counts a slot's generation up whenever the slot is freed, and drops an event whose tag does not
/// match (`isCurrent`). 2^32 generations pass before one repeats.
public struct EventTag: Hashable, Sendable {
  /// The slot, in the low half.
  public let slot: UInt32
  /// The slot's tenant, in the high half.
  public let generation: UInt32

  public init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  public init(rawValue: UInt64) {
    slot = UInt32(truncatingIfNeeded: rawValue)
    generation = UInt32(truncatingIfNeeded: rawValue >> 32)
  }

  /// Both in one word, as the kernel keeps it.
  public var rawValue: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

  /// False for an event of an earlier tenant.
  public func isCurrent(_ generation: UInt32) -> Bool { self.generation == generation }
}
