import Foundation
import LinuxIO
import Testing

@Suite struct EpollTests {
  /// Everything that is ready now.
  func ready(_ epoll: borrowing Epoll, capacity: Int = 16) throws -> [ReadyEvent] {
    var events = ReadyEvents(capacity: capacity)
    let count = try epoll.wait(timeoutMillis: 0, into: &events)
    return (0..<count).map { events[$0] }
  }

  let tag = EventTag(slot: 3, generation: 9)

  @Test func `nothing ready is no event`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .read)
    #expect(try ready(epoll) == [])
  }

  @Test func `bytes make a descriptor readable under its tag`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .read)
    #expect(try send([1], on: pair.second) == .bytes(1))
    let expected = ReadyEvent(tag: tag, isReadable: true, isWritable: false, isHangup: false)
    #expect(try ready(epoll) == [expected])
    #expect(try ready(epoll) == [expected], "level: again until it is read")
    _ = try receive(from: pair.first)
    #expect(try ready(epoll) == [])
  }

  @Test func `edge triggering tells once per change`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .read, trigger: .edge)
    #expect(try send([1], on: pair.second) == .bytes(1))
    #expect(try ready(epoll).count == 1)
    #expect(try ready(epoll).isEmpty)
    #expect(try send([2], on: pair.second) == .bytes(1))
    #expect(try ready(epoll).count == 1)
  }

  @Test func `write interest tells when there is room again`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: [.read, .write])
    #expect(
      try ready(epoll) == [
        ReadyEvent(tag: tag, isReadable: false, isWritable: true, isHangup: false)
      ])
    let chunk = [UInt8](repeating: 0, count: 65536)
    while try send(chunk, on: pair.first) != .wouldBlock {}
    #expect(try ready(epoll) == [])
    while try receive(from: pair.second, limit: 65536).result != .wouldBlock {}
    #expect(try ready(epoll).map(\.isWritable) == [true])
  }

  @Test func `modify replaces interest and tag`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .write)
    let next = EventTag(slot: 4, generation: 10)
    try epoll.modify(pair.first, tag: next, interest: .read)
    #expect(try ready(epoll) == [])
    #expect(try send([1], on: pair.second) == .bytes(1))
    #expect(try ready(epoll).map(\.tag) == [next])
  }

  @Test func `remove ends the watching`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .write)
    try epoll.remove(pair.first)
    #expect(try ready(epoll) == [])
    #expect(throws: SystemError(errno: .notFound, call: "epoll_ctl remove")) {
      try epoll.remove(pair.first)
    }
  }

  @Test func `adding twice is an error with a name`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .write)
    #expect(throws: SystemError(errno: .exists, call: "epoll_ctl add")) {
      try epoll.add(pair.first, tag: tag, interest: .write)
    }
  }

  @Test func `a peer that closes is a readable hangup`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    let near = pair.first
    let far = pair.second
    try epoll.add(near, tag: tag, interest: .read)
    do { _ = consume far }
    #expect(try near.poll(for: .readable, timeoutMillis: nil))
    #expect(
      try ready(epoll) == [
        ReadyEvent(tag: tag, isReadable: true, isWritable: false, isHangup: true)
      ])
    #expect(try receive(from: near).result == .endOfFile)
  }

  @Test func `a half-closed peer is a hangup for readers and quiet for the paused`() throws {
    let epoll = try Epoll()
    let pair = try UnixStream.pair()
    try epoll.add(pair.first, tag: tag, interest: .read)
    try pair.second.shutdownWrites()
    #expect(try ready(epoll).map(\.isHangup) == [true])
    try epoll.modify(pair.first, tag: tag, interest: [])
    #expect(try ready(epoll) == [])
  }

  @Test func `a closed descriptor leaves by itself`() async {
    // In a process of its own, because a child of another test could hold a duplicate.
    await #expect(processExitsWith: .success) {
      let epoll = try Epoll()
      let pair = try UnixStream.pair()
      let near = pair.first
      let tag = EventTag(slot: 1, generation: 1)
      try epoll.add(near, tag: tag, interest: [.read, .write])
      var events = ReadyEvents()
      #expect(try epoll.wait(timeoutMillis: 0, into: &events) == 1)
      do { _ = consume near }
      #expect(try epoll.wait(timeoutMillis: 0, into: &events) == 0)
    }
  }

  @Test func `an event of an earlier tenant of a slot is recognised as stale`() throws {
    // Two connections are ready in one batch; handling the first closes the second and gives its
    // slot to a third. The event of the second must not reach the third.
    let epoll = try Epoll()
    let one = try UnixStream.pair()
    let two = try UnixStream.pair()
    var generations: [UInt32] = [0, 0]
    try epoll.add(one.first, tag: EventTag(slot: 0, generation: 0), interest: .read)
    let near = two.first
    let far = two.second
    try epoll.add(near, tag: EventTag(slot: 1, generation: 0), interest: .read)
    #expect(try send([1], on: one.second) == .bytes(1))
    #expect(try send([2], on: far) == .bytes(1))
    let batch = try ready(epoll)
    #expect(batch.count == 2)

    do { _ = consume near }
    generations[1] &+= 1
    let three = try UnixStream.pair()
    try epoll.add(
      three.first, tag: EventTag(slot: 1, generation: generations[1]), interest: .read)

    let current = batch.filter { $0.tag.isCurrent(generations[Int($0.tag.slot)]) }
    #expect(current.map(\.tag.slot) == [0])
    #expect(try send([3], on: three.second) == .bytes(1))
    let next = try ready(epoll).filter { $0.tag.slot == 1 && $0.tag.isCurrent(generations[1]) }
    #expect(next.count == 1)
  }

  @Test(arguments: [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
  func `a tag keeps slot and generation apart`(value: UInt32) {
    for other: UInt32 in [0, 1, 0x8000_0000, 0xFFFF_FFFF] {
      let tag = EventTag(slot: value, generation: other)
      #expect(EventTag(rawValue: tag.rawValue) == tag)
      #expect(tag.isCurrent(other))
      #expect(!tag.isCurrent(other &+ 1))
    }
    #expect(EventTag(slot: 1, generation: 2).rawValue == 0x2_0000_0001)
  }

  @Test func `a wait hands back no more than fits`() throws {
    let epoll = try Epoll()
    let one = try UnixStream.pair()
    let two = try UnixStream.pair()
    try epoll.add(one.first, tag: EventTag(slot: 0, generation: 0), interest: .write)
    try epoll.add(two.first, tag: EventTag(slot: 1, generation: 0), interest: .write)
    // The kernel goes round, so both are seen in two waits.
    let slots = try Set((0..<2).flatMap { _ in try ready(epoll, capacity: 1) }.map(\.tag.slot))
    #expect(slots == [0, 1])
  }

  @Test func `an exclusive watch sees a waiting peer`() throws {
    let directory = TemporaryDirectory()
    let listener = try UnixListener.bind(path: directory.file("s"), modeBits: 0o600)
    let epoll = try Epoll()
    try epoll.add(listener.descriptor, tag: tag, interest: .read, isExclusive: true)
    #expect(try ready(epoll) == [])
    _ = try UnixStream.connect(path: listener.path, isNonBlocking: true)
    #expect(try ready(epoll).map(\.tag) == [tag])
  }

  @Test func `an index past the count traps`() async {
    await #expect(processExitsWith: .failure) {
      let events = ReadyEvents(capacity: 4)
      _ = events[0]
      exit(0)
    }
  }

  @Test func `a notification wakes a waiting loop in another thread`() throws {
    let notifier = Shared(try EventNotifier())
    let epoll = try Epoll()
    try epoll.add(notifier.value.descriptor, tag: tag, interest: .read)
    let thread = try SystemThread.spawn(name: "notifier") { notifier.value.notify() }
    var events = ReadyEvents()
    // Waits for ever, so that a lost wake-up fails by the test's time limit and not silently.
    while try epoll.wait(timeoutMillis: nil, into: &events) == 0 {}
    let event = events[0]
    #expect(event.tag == tag && event.isReadable)
    thread.join()
  }

  @Test func `many notifications are one wake-up and drain makes quiet`() throws {
    let notifier = try EventNotifier()
    let epoll = try Epoll()
    try epoll.add(notifier.descriptor, tag: tag, interest: .read)
    for _ in 0..<3 { notifier.notify() }
    #expect(try ready(epoll).count == 1)
    let drained = [notifier.drain(), notifier.drain()]
    #expect(drained == [true, false])
    #expect(try ready(epoll) == [])
  }

  @Test func `a notifier that is full stays readable and does not block`() throws {
    let notifier = try EventNotifier()
    var most = UInt64.max - 1
    #expect(unsafe write(notifier.descriptor.rawValue, &most, 8) == 8)
    notifier.notify()
    let drained = notifier.drain()
    #expect(drained)
  }
}

/// A value that threads share and that is not copyable.
final class Shared<Value: ~Copyable & Sendable>: Sendable {
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}
