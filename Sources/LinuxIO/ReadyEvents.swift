internal import CLinux

/// One descriptor that is ready.
public struct ReadyEvent: Equatable, Sendable {
  /// What was given to `Epoll.add`.
  public let tag: EventTag
  /// A read will not block: bytes, the end of file or an error.
  public let isReadable: Bool
  /// A send will not block.
  public let isWritable: Bool
  /// The peer closed, or half-closed while reads were asked for, or the descriptor is in error.
  /// Bytes may still be there: read first.
  public let isHangup: Bool

  public init(tag: EventTag, isReadable: Bool, isWritable: Bool, isHangup: Bool) {
    self.tag = tag
    self.isReadable = isReadable
    self.isWritable = isWritable
    self.isHangup = isHangup
  }
}

/// The events of one `Epoll.wait`, in memory that is allocated once per loop.
@safe
public struct ReadyEvents: ~Copyable {
  /// The most events that one wait hands back: 1...256.
  public let capacity: Int
  /// Events of the last wait.
  public internal(set) var count = 0
  // Invariant: `capacity` initialised elements, owned; the first `count` are of the last wait.
  let base: UnsafeMutablePointer<clinux_event>

  public init(capacity: Int = 128) {
    precondition((1...Int(clinux_epoll_batch)).contains(capacity), "1...256 events a wait")
    self.capacity = capacity
    unsafe base = .allocate(capacity: capacity)
    unsafe base.initialize(repeating: clinux_event(), count: capacity)
  }

  deinit { unsafe base.deallocate() }

  /// The event at `index`, below `count`.
  public subscript(index: Int) -> ReadyEvent {
    precondition(index >= 0 && index < count, "event out of range")
    let event = unsafe base[index]
    let bits = event.events
    let hangup = clinux_event_hangup | clinux_event_read_hangup | clinux_event_error
    return ReadyEvent(
      tag: EventTag(rawValue: event.user_data),
      isReadable: bits & (clinux_event_read | hangup) != 0,
      isWritable: bits & (clinux_event_write | clinux_event_error) != 0,
      isHangup: bits & hangup != 0)
  }
}
