import Testing
import TokenCore
import TokenWire

@testable import TokenServer

struct LaneQueueTests {
  private func requests(_ ids: ClosedRange<UInt32>, isUrgent: Bool = false) -> [LaneRequest] {
    ids.map { id in
      LaneRequest(
        address: ReplyAddress(worker: 0, opcode: 0, requestId: id, slot: 0, generation: 0),
        peerUID: 0, call: StatusRequest(), task: .status, retry: nil, seed: .none,
        isUrgent: isUrgent)
    }
  }

  private func put(_ queue: LaneQueue, _ requests: [LaneRequest]) {
    var batch = requests
    queue.enqueue(&batch)
    #expect(batch.isEmpty)
  }

  private func ids(_ batch: [LaneRequest]) -> [UInt32] { batch.map(\.address.requestId) }

  @Test("an empty queue gives an empty turn and goes on")
  func empty() throws {
    let queue = try LaneQueue()
    var batch = requests(1...3)
    #expect(queue.next(&batch))
    #expect(batch.isEmpty)
  }

  @Test("a turn takes at most 256 ordinary requests, in their order, and loses none")
  func turns() throws {
    let queue = try LaneQueue()
    put(queue, requests(1...300))
    put(queue, requests(301...600))
    var (batch, sizes, seen) = ([LaneRequest](), [Int](), [UInt32]())
    repeat {
      #expect(queue.next(&batch))
      sizes.append(batch.count)
      seen += ids(batch)
    } while !batch.isEmpty
    #expect(sizes == [256, 256, 88, 0])
    #expect(seen == Array(1...600))
  }

  @Test("what came over the admin socket goes first, however many wait")
  func urgent() throws {
    let queue = try LaneQueue()
    put(queue, requests(1...1_000))
    put(queue, requests(5_000...5_001, isUrgent: true))
    var batch: [LaneRequest] = []
    #expect(queue.next(&batch))
    #expect(ids(batch) == [5_000, 5_001] + Array(1...256))
    put(queue, requests(6_000...6_000, isUrgent: true))
    #expect(queue.next(&batch))
    #expect(ids(batch) == [6_000] + Array(257...512))
  }

  @Test("it is full at its capacity, and no longer after a turn")
  func capacity() throws {
    let queue = try LaneQueue()
    #expect(!queue.isFull(gathered: LaneQueue.capacity - 1))
    #expect(queue.isFull(gathered: LaneQueue.capacity))
    put(queue, requests(1...UInt32(LaneQueue.capacity - 1)))
    #expect(!queue.isFull(gathered: 0))
    #expect(queue.isFull(gathered: 1))
    put(queue, requests(1...1))
    #expect(queue.isFull(gathered: 0))
    var batch: [LaneRequest] = []
    #expect(queue.next(&batch))
    #expect(!queue.isFull(gathered: LaneQueue.turnCapacity - 1))
    #expect(queue.isFull(gathered: LaneQueue.turnCapacity))
  }

  @Test("a flood that never lets the queue run dry keeps its order")
  func flood() throws {
    let queue = try LaneQueue()
    var (batch, next, sent) = ([LaneRequest](), UInt32(1), UInt32(0))
    for _ in 0..<600 {
      put(queue, requests(sent + 1...sent + 257))
      sent += 257
      #expect(queue.next(&batch))
      #expect(ids(batch) == Array(next..<next + 256))
      next += 256
    }
  }

  @Test("when it stops, the turn that says so still holds what waited")
  func stop() throws {
    let queue = try LaneQueue()
    put(queue, requests(1...2))
    queue.stop()
    var batch: [LaneRequest] = []
    #expect(!queue.next(&batch))
    #expect(ids(batch) == [1, 2])
    // Nobody waits for what will not come.
    queue.wait(timeoutMillis: 60_000)
  }
}
