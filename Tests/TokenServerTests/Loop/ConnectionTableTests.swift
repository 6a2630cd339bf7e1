import LinuxIO
import Testing
import TokenWire

@testable import TokenServer

struct ConnectionTableTests {
  private let caller = Caller(
    uid: 1, gid: 2, pid: 3, rights: .all, listener: 0, maxFrameBytes: 1_024)

  private func descriptor() throws -> FileDescriptor {
    let pair = try UnixStream.pair()
    return pair.first
  }

  @Test("a tag finds its connection until that closes, and never the next tenant")
  func generations() throws {
    var table = ConnectionTable()
    let first = table.insert(try descriptor(), caller: caller, now: 5)
    #expect(unsafe table.pointer(first)?.pointee.acceptedAt == 5)
    table.remove(first)
    #expect(unsafe table.pointer(first) == nil)
    let second = table.insert(try descriptor(), caller: caller, now: 6)
    #expect(second.slot == first.slot)
    #expect(second.generation != first.generation)
    #expect(unsafe table.pointer(first) == nil)
    #expect(unsafe table.pointer(second)?.pointee.acceptedAt == 6)
    #expect(unsafe table.pointer(ConnectionTable.notifierTag) == nil)
  }

  @Test("growing keeps every connection under its tag")
  func growth() throws {
    var table = ConnectionTable()
    var tags: [EventTag] = []
    for index in 0..<200 {
      tags.append(table.insert(try descriptor(), caller: caller, now: UInt64(index)))
    }
    #expect(table.count == 200)
    #expect(Set(tags).count == 200)
    for (index, tag) in tags.enumerated() {
      #expect(unsafe table.pointer(tag)?.pointee.acceptedAt == UInt64(index))
    }
    for tag in tags where tag.slot % 2 == 0 { table.remove(tag) }
    #expect(table.count == 100)
    let live = (0..<table.slotCount).filter { unsafe table.pointer(slot: $0) != nil }
    #expect(live == tags.map { Int($0.slot) }.filter { $0 % 2 == 1 }.sorted())
  }

  @Test("closing gives the descriptor back at once")
  func closes() throws {
    var table = ConnectionTable()
    let pair = try UnixStream.pair()
    let tag = table.insert(pair.first, caller: caller, now: 0)
    table.remove(tag)
    var byte: UInt8 = 0
    let other = pair.second
    let result = try unsafe withUnsafeMutableBytes(of: &byte) { try unsafe other.read(into: $0) }
    #expect(result == .endOfFile)
  }
}

struct WorkerInboxTests {
  private func reply(_ id: UInt32) -> TokenServer.LaneReply<Int> {
    let address = ReplyAddress(worker: 0, opcode: 1, requestId: id, slot: 0, generation: 1)
    return TokenServer.LaneReply(address: address, outcome: Int(id))
  }

  @Test("replies keep their order over batches, and a batch comes back empty")
  func order() throws {
    let inbox = try WorkerInbox<Int>()
    var batch = [reply(1), reply(2)]
    inbox.deliver(&batch)
    #expect(batch.isEmpty)
    batch = [reply(3)]
    inbox.deliver(&batch)
    var (replies, handed): ([TokenServer.LaneReply<Int>], [HandedConnection]) = ([], [])
    #expect(inbox.take(&replies, &handed) == .serve)
    #expect(replies.map(\.outcome) == [1, 2, 3])
    replies = []
    _ = inbox.take(&replies, &handed)
    #expect(replies.isEmpty)
  }

  @Test("one wake-up until the worker has taken, then a new one")
  func wakeUps() throws {
    let inbox = try WorkerInbox<Int>()
    var (replies, handed): ([TokenServer.LaneReply<Int>], [HandedConnection]) = ([], [])
    for _ in 0..<2 {
      for id: UInt32 in 1...3 {
        var batch = [reply(id)]
        inbox.deliver(&batch)
      }
      let (first, second) = (inbox.notifier.drain(), inbox.notifier.drain())
      #expect(first && !second)
      replies = []
      _ = inbox.take(&replies, &handed)
      #expect(replies.count == 3)
    }
    var empty: [TokenServer.LaneReply<Int>] = []
    inbox.deliver(&empty)
    let isNotified = inbox.notifier.drain()
    #expect(!isNotified)
  }

  @Test("orders only rise")
  func orders() throws {
    let inbox = try WorkerInbox<Int>()
    var (replies, handed): ([TokenServer.LaneReply<Int>], [HandedConnection]) = ([], [])
    inbox.give(.stop)
    inbox.give(.drain)
    #expect(inbox.take(&replies, &handed) == .stop)
  }

  @Test("a connection that no worker took is closed with the inbox")
  func untaken() throws {
    let pair = try UnixStream.pair()
    let other = pair.second
    do {
      let inbox = try WorkerInbox<Int>()
      let caller = Caller(
        uid: 1, gid: 2, pid: 3, rights: .all, listener: 0, maxFrameBytes: 1_024)
      inbox.hand(HandedConnection(rawDescriptor: pair.first.release(), caller: caller))
    }
    var byte: UInt8 = 0
    let result = try unsafe withUnsafeMutableBytes(of: &byte) { try unsafe other.read(into: $0) }
    #expect(result == .endOfFile)
  }
}

struct InputBufferTests {
  @Test("what is kept comes back once, and nothing is left")
  func keepAndMove() {
    var buffer = InputBuffer()
    let scratch = ScratchBuffer(byteCount: 64)
    #expect(unsafe buffer.move(to: scratch.bytes) == 0)
    for text in ["abc", "de", ""] {
      let bytes = Array(text.utf8)
      unsafe bytes.withUnsafeBytes { unsafe buffer.keep($0) }
      #expect(buffer.count == bytes.count)
    }
    let bytes = Array("hello".utf8)
    unsafe bytes.withUnsafeBytes { unsafe buffer.keep($0) }
    #expect(unsafe buffer.withBytes { unsafe Array($0) } == bytes)
    #expect(unsafe buffer.move(to: scratch.bytes) == 5)
    #expect(unsafe Array(scratch.bytes[..<5]) == bytes)
    #expect(buffer.count == 0)
    #expect(unsafe buffer.move(to: scratch.bytes) == 0)
  }
}
