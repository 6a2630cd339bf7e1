import Foundation
import LinuxIO
import TokenWire

@testable import TokenServer

/// The commit lane of the tests: keeps deferred requests until the test lets them go, or answers
/// each batch at once, last first.
final class TestLane: @unchecked Sendable {
  struct Pending {
    let address: ReplyAddress
    let body: [UInt8]
  }

  private let condition = NSCondition()
  private var pending: [Pending] = []
  private var isAutomatic: Bool
  private(set) var isStopped = false
  private var isHeld = false
  private var isHolding = false
  let inboxes: [WorkerInbox<[UInt8]>]

  init(inboxes: [WorkerInbox<[UInt8]>], isAutomatic: Bool) {
    self.inboxes = inboxes
    self.isAutomatic = isAutomatic
  }

  func enqueue(_ batch: [Pending]) {
    if batch.isEmpty { return }
    condition.lock()
    let limit = Date(timeIntervalSinceNow: 30)
    isHolding = isHeld
    condition.broadcast()
    while isHeld, condition.wait(until: limit) {}
    isHolding = false
    let answersNow = isAutomatic
    if !answersNow { pending += batch }
    condition.broadcast()
    condition.unlock()
    if answersNow { answer(batch.reversed()) }
  }

  /// The next worker that hands something over waits in its turn until `letGo`.
  func hold() {
    condition.lock()
    isHeld = true
    condition.unlock()
  }

  func letGo() {
    condition.lock()
    isHeld = false
    condition.broadcast()
    condition.unlock()
  }

  /// Waits until a worker waits; false when that does not happen.
  func waitUntilHolding() -> Bool {
    let limit = Date(timeIntervalSinceNow: 30)
    condition.lock()
    defer { condition.unlock() }
    while !isHolding {
      if !condition.wait(until: limit) { return false }
    }
    return true
  }

  var pendingCount: Int {
    condition.lock()
    defer { condition.unlock() }
    return pending.count
  }

  /// Waits until so many requests are pending; false when that does not happen.
  func waitForPending(_ count: Int) -> Bool {
    let limit = Date(timeIntervalSinceNow: 30)
    condition.lock()
    defer { condition.unlock() }
    while pending.count < count {
      if !condition.wait(until: limit) { return false }
    }
    return true
  }

  /// Answers the pending requests in the order given by their indices.
  func deliver(_ order: [Int]? = nil) {
    condition.lock()
    let taken = pending
    pending = []
    condition.unlock()
    answer((order ?? Array(taken.indices)).map { taken[$0] })
  }

  func stop() {
    condition.lock()
    isStopped = true
    condition.unlock()
  }

  private func answer(_ requests: [Pending]) {
    for request in requests {
      var batch = [LaneReply(address: request.address, outcome: request.body)]
      inboxes[Int(request.address.worker)].deliver(&batch)
    }
  }
}

/// Answers VALIDATE with its own body, defers everything else and answers it with its own body
/// later; a body that begins with 0xEE is malformed.
struct TestDispatcher: FrameDispatcher, ~Copyable {
  let lane: TestLane
  private var batch: [TestLane.Pending] = []

  init(lane: TestLane) { self.lane = lane }

  /// Three requests a call, so that the loop has to come again with the rest of a run.
  mutating func validate(
    _ run: borrowing RequestRun, caller: Caller, output: inout WireWriter
  ) -> RunAnswer {
    var answer = RunAnswer()
    while answer.frames < 3, let request = run.request(at: answer.bytes) {
      let body = unsafe run.bytes.extracting(request.body).withUnsafeBytes { unsafe [UInt8]($0) }
      if body.first == 0xEE {
        answer.fault = WireFault(.invalidValue, "test")
        return answer
      }
      Self.append(body, Opcode.validate.rawValue, request.requestId, &output)
      answer.frames += 1
      answer.bytes = request.body.upperBound
    }
    return answer
  }

  mutating func handle(
    _ frame: borrowing FrameView, caller: Caller, reply: ReplyAddress,
    output: inout WireWriter
  ) -> FrameDisposition {
    let body = unsafe frame.body.withUnsafeBytes { unsafe [UInt8]($0) }
    if body.first == 0xEE { return .malformed(WireFault(.invalidValue, "test")) }
    batch.append(TestLane.Pending(address: reply, body: body))
    return .deferred
  }

  mutating func finish(
    _ outcome: [UInt8], caller: Caller, reply: ReplyAddress, output: inout WireWriter
  ) {
    Self.append(outcome, reply.opcode, reply.requestId, &output)
  }

  mutating func turnEnded() {
    lane.enqueue(batch)
    batch = []
  }

  var releasedPosition: UInt64 { 77 }

  private static func append(
    _ body: [UInt8], _ opcode: UInt16, _ requestId: UInt32, _ output: inout WireWriter
  ) {
    let mark = output.beginFrame(.reply(opcode: opcode, requestId: requestId))
    unsafe body.withUnsafeBytes { unsafe output.raw($0) }
    do { try output.endFrame(mark) } catch { preconditionFailure("\(error)") }
  }
}
