internal import CLinux
internal import Glibc

/// An epoll instance: many descriptors, one wait.
///
/// A descriptor leaves by itself when it is closed, unless a duplicate is open elsewhere; nothing
/// here duplicates connections, so `remove` is for descriptors that live on.
public struct Epoll: ~Copyable, Sendable {
  private let descriptor: FileDescriptor

  /// What to hear about. A hangup or an error is always reported.
  public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let read = Interest(rawValue: 1)
    public static let write = Interest(rawValue: 2)
  }

  /// When to hear about it: at every wait while it is so, or once per change. Edge needs a read or
  /// write until `.wouldBlock`.
  public enum Trigger: Sendable {
    case level, edge
  }

  public init() throws(SystemError) {
    descriptor = FileDescriptor(
      owning: try systemCall("epoll_create1") { clinux_epoll_create() })
  }

  /// Starts watching. `isExclusive` wakes one of several epolls that watch the same listener; such
  /// an entry cannot be modified, only removed.
  public borrowing func add(
    _ target: borrowing FileDescriptor, tag: EventTag, interest: Interest,
    trigger: Trigger = .level, isExclusive: Bool = false
  ) throws(SystemError) {
    let (epoll, raw) = (descriptor.rawValue, target.rawValue)
    var bits = Self.bits(interest, trigger)
    if isExclusive {
      // The kernel takes no read-hangup bit together with the exclusive one.
      bits = (bits & ~clinux_event_read_hangup) | clinux_event_exclusive
    }
    try systemCall("epoll_ctl add") { clinux_epoll_add(epoll, raw, bits, tag.rawValue) }
  }

  /// Replaces interest, trigger and tag.
  public borrowing func modify(
    _ target: borrowing FileDescriptor, tag: EventTag, interest: Interest,
    trigger: Trigger = .level
  ) throws(SystemError) {
    let (epoll, raw) = (descriptor.rawValue, target.rawValue)
    let bits = Self.bits(interest, trigger)
    try systemCall("epoll_ctl modify") { clinux_epoll_modify(epoll, raw, bits, tag.rawValue) }
  }

  /// Stops watching.
  public borrowing func remove(_ target: borrowing FileDescriptor) throws(SystemError) {
    let (epoll, raw) = (descriptor.rawValue, target.rawValue)
    try systemCall("epoll_ctl remove") { clinux_epoll_remove(epoll, raw) }
  }

  /// Waits and puts what is ready into `events`, in place of what it held. Nil waits for ever, 0
  /// does not wait. Returns the number of events; 0 also when a signal interrupted the wait, so the
  /// loop computes its next timeout anew.
  @discardableResult
  public borrowing func wait(
    timeoutMillis: Int32?, into events: inout ReadyEvents
  ) throws(SystemError) -> Int {
    let count = unsafe clinux_epoll_wait(
      descriptor.rawValue, events.base, Int32(events.capacity),
      timeoutMillis.map { max($0, 0) } ?? -1)
    if count == -1 && errno != EINTR { throw failure(errno, "epoll_wait") }
    events.count = Int(max(count, 0))
    return events.count
  }

  private static func bits(_ interest: Interest, _ trigger: Trigger) -> UInt32 {
    var bits: UInt32 = trigger == .edge ? clinux_event_edge : 0
    // A half-closed peer shows as readable (the read says end of file), so the hangup bit is asked
    // for only together with reads: with level triggering it would otherwise spin a paused reader.
    if interest.contains(.read) { bits |= clinux_event_read | clinux_event_read_hangup }
    if interest.contains(.write) { bits |= clinux_event_write }
    return bits
  }
}
