import LinuxIO
import StorageSupport
import TestSupport
import Testing
import TokenCore
import TokenWire

@testable import TokenServer

/// The first write or sync that fails ends the process: nobody knows what is on the disk.
struct FailedWriteTests {
  struct Fault: Sendable, CustomStringConvertible {
    let description: String
    let apply: @Sendable (StallingDisk) -> Void
  }

  static let faults = [
    Fault(description: "EIO of a sync") { $0.fail(.batchSync, .error(.inputOutput)) },
    Fault(description: "EIO of a write") { $0.fail(.batchWrite, .error(.inputOutput)) },
    Fault(description: "ENOSPC of a write in place") { $0.fail(.batchWrite, .error(.noSpace)) },
    Fault(description: "a short write, then EIO") {
      $0.fail(.batchWrite, .shortWrite)
      $0.fail(.batchWrite, after: 1, .error(.inputOutput))
    },
  ]

  @Test(
    "the process is stopped once, and nothing is answered or released any more (Redis 8111)",
    arguments: faults)
  func stops(fault: Fault) throws {
    let rig = try JournalRig()
    let app = try rig.register()
    let before = try rig.issuedAndReleased(app)
    let released = rig.gates.released
    fault.apply(rig.disk)
    let lost = try rig.issueAndWaitForLane(app)
    #expect(rig.stops.wait(for: "the journal cannot be written"))
    let calls = (rig.disk.count(.batchWrite), rig.disk.count(.batchSync))
    let later = try [
      rig.send(RevokeRequest(subject: before.text)),
      rig.send(SettingsGetRequest(acting: .local)),
    ]
    let last = try rig.issueAndWaitForLane(app)
    rig.stop()
    for request in later + [lost.request, last.request] { #expect(!rig.hasReply(request)) }
    #expect(rig.gates.released == released)
    #expect(rig.stops.all.count == 1)
    #expect(rig.disk.count(.batchWrite) == calls.0)
    #expect(rig.disk.count(.batchSync) == calls.1)
    for disk in [rig.disk.afterKill(), rig.disk.afterPowerCut(.loseAll)] {
      let next = try JournalRig(disk)
      #expect(try next.verdict(before.text) == .valid)
      #expect(try next.verdict(last.text) == .unknown)
      #expect(try next.status(next.issue(app).request) == .ok)
    }
  }

  @Test("after a power cut a batch whose sync failed is gone, as its reply never came")
  func powerCut() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.fail(.batchSync, .error(.inputOutput))
    let lost = try rig.issue(app)
    #expect(rig.stops.wait(for: "the journal cannot be written"))
    rig.stop()
    #expect(!rig.hasReply(lost.request))
    let next = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try next.verdict(lost.text) == .unknown)
  }

  @Test("a write that takes half of the bytes is finished, and nobody notices")
  func shortWrite() throws {
    let rig = try JournalRig()
    let app = try rig.register()
    rig.disk.fail(.batchWrite, .shortWrite)
    let issued = try rig.issuedAndReleased(app)
    #expect(rig.stops.all.isEmpty)
    rig.stop()
    let next = try JournalRig(rig.disk.afterPowerCut(.loseAll))
    #expect(try next.verdict(issued.text) == .valid)
  }

  @Test("a segment that cannot be prepared, and not for want of space, stops the process too")
  func preparation() throws {
    let rig = try JournalRig(plan: JournalPlan(segmentBytes: 16_384))
    let app = try rig.register()
    rig.disk.fail(DiskCall(.sync, .prepared), after: 1, .error(.inputOutput))
    // Each turn takes a block, and a segment has two for batches.
    for _ in 0..<8 where rig.stops.all.isEmpty { try rig.issueAndWaitForLane(app) }
    #expect(rig.stops.wait(for: "the journal cannot be written"))
    let released = rig.gates.released
    try rig.issueAndWaitForLane(app)
    rig.stop()
    #expect(rig.gates.released == released)
    #expect(rig.stops.all.count == 1)
  }
}
