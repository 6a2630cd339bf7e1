import LinuxIO
import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenStorage
import TokenWire

@testable import TokenServer

/// The clean stop: the lane first, then the journal, which writes what it was given and seals.
struct StopTests {
  /// What a start would read.
  private static func end(_ disk: StallingDisk) throws -> JournalEnd {
    let memory = try MemoryRegion(byteCount: JournalPlan.layout.byteCount)
    var state = try JournalPlan.state(over: memory)
    guard case .clean(let end) = JournalPlan.read(disk, &state) else { throw NotClean() }
    return end
  }

  private struct NotClean: Error {}

  @Test("everything that the lane handed over is written and sealed, and its replies go out")
  func everything() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    let issued = try (0..<40).map { _ in try rig.issueAndWaitForLane(app) }
    for token in issued { #expect(!rig.hasReply(token.request)) }
    rig.stopLane()
    // The order to stop is there before the journal's thread has seen any of it.
    rig.running.sink.queue.stop()
    rig.stop()
    let unanswered = issued.filter { !rig.hasReply($0.request) }.count
    #expect(unanswered == 0)
    let disk = rig.disk.afterPowerCut(.loseAll)
    let end = try Self.end(disk)
    #expect(end.isSealed)
    #expect(end.lastPosition == rig.gates.released)
    let (image, recovered) = try (rig.image(), ArenaImage(recovering: disk))
    #expect(image.difference(from: recovered) == nil)
    let next = try JournalRig(disk)
    for token in issued { #expect(try next.verdict(token.text) == .valid) }
  }

  @Test("the lane stops while a sync is held; the journal seals only after the last batch")
  func order() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.hold(.batchSync)
    try rig.issueAndWaitForLane(app)
    try #require(rig.disk.waitUntilHeld(.batchSync))
    let last = try rig.issueAndWaitForLane(app)
    rig.stopLane()
    // Nobody decides anything now.
    let late = try rig.issue(app)
    rig.disk.hold(.batchWrite)
    let running = rig.running
    let stopping = try SystemThread.spawn(name: "stop") { running.stop() }
    rig.disk.letGo(.batchSync)
    try #require(rig.disk.waitUntilHeld(.batchWrite))
    #expect(try !Self.end(rig.disk.afterKill()).isSealed)
    #expect(!rig.hasReply(last.request))
    rig.disk.letGo()
    stopping.join()
    #expect(rig.hasReply(last.request))
    #expect(!rig.hasReply(late.request))
    let disk = rig.disk.afterPowerCut(.loseAll)
    #expect(try Self.end(disk).isSealed)
    let next = try JournalRig(disk)
    #expect(try next.verdict(last.text) == .valid)
    #expect(try next.verdict(late.text) == .unknown)
  }

  @Test("a stop with nothing to write seals, and a start after it goes on")
  func idle() throws {
    let rig = try JournalRig()
    rig.stop()
    #expect(try Self.end(rig.disk.afterPowerCut(.loseAll)).isSealed)
    let next = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    let app = try next.register()
    #expect(try next.verdict(next.issuedAndReleased(app).text) == .valid)
  }
}
