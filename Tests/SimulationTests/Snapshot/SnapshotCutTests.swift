import Foundation
import StorageSupport
import Synchronization
import Testing

@testable import TokenCore

@Suite("Snapshots: the cut")
struct SnapshotCutTests {
  @Test("commits between the cut and the copy are not in it")
  func afterCut() {
    let service = RecordedService(seed: 1)
    for _ in 0..<200 { _ = service.step() }
    let before = StateImage(service.state)
    let cut = service.state.beginSnapshot()
    for _ in 0..<300 { _ = service.step() }
    #expect(cut?.saved.savedBytes ?? 0 > 0)
    #expect(cut?.blocksCopied == (cut?.saved.savedBytes ?? 0) / ArenaLayout.blockBytes)
    let copied = cut.map { StateImage($0) }
    #expect(copied == before, "\(copied?.difference(from: before) ?? "no cut")")
    // Counted all the same, when none of them is held any more.
    #expect(cut?.saved.savedBytes == 0 && cut?.blocksCopied ?? 0 > 0)
    #expect(StateImage(service.state) != before)
  }

  @Test("a commit while a page is being copied is not in it")
  func duringCopy() {
    let service = RecordedService(seed: 2)
    for _ in 0..<200 { _ = service.step() }
    let before = StateImage(service.state)
    let cut = service.cut()
    for page in cut.pages {
      var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      let isWhole = unsafe bytes.withUnsafeMutableBytes { target in
        unsafe cut.saved.copy(page, into: target) { for _ in 0..<9 { _ = service.step() } }
      }
      let wanted = before.pages[page] ?? [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      #expect(isWhole && bytes == wanted, "page \(page)")
    }
    cut.end()
  }

  @Test("only blocks that change are kept, and each goes back to its place")
  func blocks() throws {
    let service = RecordedService(seed: 5)
    for _ in 0..<200 { _ = service.step() }
    let before = StateImage(service.state)
    let cut = service.cut()
    let fullest = before.pages.max {
      $0.value.count { $0 != 0 } < $1.value.count { $0 != 0 }
    }
    let (page, wanted) = try #require(fullest)
    for block in [2, 0, 1] { cut.saved.save(block: page * ArenaLayout.blocksPerPage + block) }
    #expect(cut.saved.savedBytes == 3 * ArenaLayout.blockBytes)
    var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    let isWhole = unsafe bytes.withUnsafeMutableBytes { unsafe cut.copyPage(page, into: $0) }
    #expect(isWhole && bytes == wanted)
    #expect(cut.saved.savedBytes == 0)
    cut.end()
  }

  @Test("bytes saved while the clean page is being taken are given back at once")
  func takenMeanwhile() throws {
    let service = RecordedService(seed: 3)
    for _ in 0..<200 { _ = service.step() }
    let cut = service.cut()
    let page = try #require(cut.pages.last)
    cut.saved.save(block: page * ArenaLayout.blocksPerPage) {
      var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      let isWhole = unsafe bytes.withUnsafeMutableBytes { target in
        unsafe cut.saved.copy(page, into: target)
      }
      #expect(isWhole)
    }
    #expect(cut.saved.savedBytes == 0)
    cut.end()
  }

  @Test("commits while another thread copies are not in it")
  func threaded() {
    for seed in UInt64(10)..<16 {
      let service = RecordedService(seed: seed)
      for _ in 0..<200 { _ = service.step() }
      let before = StateImage(service.state)
      let cut = service.cut()
      let box = Copied()
      let thread = Thread { box.finish(StateImage(cut)) }
      thread.start()
      var commits = 0
      while !box.isDone || commits < 20 {
        if service.step() != nil { commits += 1 }
      }
      #expect(box.image == before, "seed \(seed)")
    }
  }

  @Test("past its limit of saved bytes a snapshot is given up, and the next one works")
  func limit() {
    let service = RecordedService(seed: 3)
    for _ in 0..<200 { _ = service.step() }
    let limit = 3 * ArenaLayout.blockBytes
    let cut = service.cut(savedLimitBytes: limit)
    let isSecond = service.state.beginSnapshot() != nil
    #expect(!isSecond)
    for _ in 0..<200 { _ = service.step() }
    #expect(cut.isAbandoned && cut.saved.savedBytes == limit)
    var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    let isWhole = unsafe bytes.withUnsafeMutableBytes {
      unsafe cut.copyPage(cut.pages[0], into: $0)
    }
    #expect(!isWhole)
    cut.end()
    #expect(cut.saved.savedBytes == 0)
    let image = StateImage(service.state)
    let other = service.cut()
    _ = service.step()
    #expect(StateImage(other) == image)
    service.state.endSnapshot()
  }

  @Test("the counts at the cut are those of the tables")
  func counts() {
    let service = RecordedService(seed: 4)
    for _ in 0..<200 { _ = service.step() }
    let cut = service.cut()
    let counts = Dictionary(uniqueKeysWithValues: cut.tables.map { ($0.name, $0.live) })
    for (name, live, _) in service.state.usage { #expect(counts[name] == live, "\(name)") }
    service.state.endSnapshot()
  }
}

/// What the copying thread hands back.
private final class Copied: Sendable {
  private let result = Mutex<StateImage?>(nil)

  func finish(_ image: StateImage) { result.withLock { $0 = image } }
  var isDone: Bool { result.withLock { $0 != nil } }
  var image: StateImage? { result.withLock { $0 } }
}
