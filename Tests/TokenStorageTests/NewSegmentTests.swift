import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// A number is never sealed twice under one key: every start writes to a segment of its own.
@Suite("New segments")
struct NewSegmentTests {
  @Test("after a start nothing is written where batches were before", arguments: [false, true])
  func untouched(isTorn: Bool) throws {
    let driver = JournalDriver(seed: 21, segmentBytes: 65_536)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    for _ in 0..<3 { #expect(driver.append(commits: 2) == nil) }
    if isTorn {
      disk.fault = DiskFault(atCall: disk.callCount + 1, .crashTorn)
      #expect(driver.append(commits: 1, large: true) != nil)
    }
    driver.stop()
    let next = disk.afterKill()
    let before = next.files.filter { $0.key.hasPrefix("seg-") }
    #expect(try driver.start(next))
    for _ in 0..<3 { #expect(driver.append(commits: 2) == nil) }
    // What was dropped becomes zeros; everything else is as it was.
    for (name, bytes) in before {
      let end = driver.report?.segments.first { $0.file == name }?.usedBytes ?? 0
      let rest = [UInt8](repeating: 0, count: bytes.count - end)
      #expect(end > 4_096 && next.files[name] == Array(bytes[..<end]) + rest, "\(name)")
    }
    #expect(next.files.keys.filter { $0.hasPrefix("seg-") }.count == before.count + 1)
  }

  @Test("a start's own segment is smaller than large ones, and never larger than the others")
  func firstSegment() throws {
    for (mebibytes, first) in [(1, 1), (8, 8), (16, 8), (40, 10)] {
      let driver = JournalDriver(seed: 24, segmentBytes: mebibytes << 20)
      let disk = SimulatedDisk()
      for starts in 1...2 {
        #expect(try driver.start(disk))
        let sizes = disk.files.filter { $0.key.hasPrefix("seg-") }.map(\.value.count)
        #expect(sizes == [Int](repeating: first << 20, count: starts), "\(mebibytes) MiB")
        #expect(driver.append(commits: 1) == nil)
        driver.stop()
      }
    }
  }

  @Test("what was acknowledged after a change of segments is there after a power cut (etcd 6368)")
  func powerCut() throws {
    let driver = JournalDriver(seed: 22, segmentBytes: 20_480)
    let disk = SimulatedDisk()
    #expect(try driver.start(disk))
    for _ in 0..<6 { #expect(driver.append(commits: 1, large: true) == nil) }
    driver.stop()
    let next = disk.afterPowerCut(.loseAll)
    #expect(next.files.keys.filter { $0.hasPrefix("seg-") }.count > 1)
    _ = try driver.recover(next)
    #expect(driver.acked.count == 6)
  }

  @Test("a batch of another history is refused, also where its number and key fit (etcd 6378)")
  func otherHistory() throws {
    // The same ids, the same commits; the second batch is of another time.
    let histories = try [0, 1_000].map { (laterMillis: UInt64) throws in
      let driver = JournalDriver(seed: 23, segmentBytes: 65_536)
      let disk = SimulatedDisk()
      #expect(try driver.start(disk))
      for step in 0..<3 {
        if step == 1 { driver.nowMillis += laterMillis }
        #expect(driver.append(commits: 1) == nil)
        if step == 1 { driver.nowMillis -= laterMillis }
      }
      return disk.files
    }
    let name = try #require(histories[0].keys.first { $0.hasPrefix("seg-") })
    let batches = try histories.map { try #require($0[name]) }
    let third = 4_096 * 3..<4_096 * 4
    #expect(batches[0][third] != batches[1][third])
    var files = histories[0]
    files[name]?.replaceSubrange(third, with: batches[1][third])
    #expect(JournalSample.read(SimulatedDisk(files: histories[0])).commits.count == 3)
    #expect(JournalSample.read(SimulatedDisk(files: files)).report.refusal?.exitCode == 65)
  }

  @Test(
    "a segment that goes on behind the end that the next one states is refused",
    arguments: [
      false, true,
    ])
  func goesOn(isLarge: Bool) throws {
    // One history of two: a start after the first batch, and none but a second batch.
    let (restarted, longer) = (JournalDriver(seed: 24), JournalDriver(seed: 24))
    var disks = [SimulatedDisk(), SimulatedDisk()]
    for (driver, disk) in zip([restarted, longer], disks) {
      #expect(try driver.start(disk))
      #expect(driver.append(commits: 1) == nil)
    }
    let name = try #require(disks[0].files.keys.first { $0.hasPrefix("seg-") })
    restarted.stop()
    disks[0] = disks[0].afterKill()
    #expect(try restarted.start(disks[0]))
    #expect(longer.append(commits: 1, large: isLarge) == nil)
    var files = disks[0].files
    #expect(JournalSample.read(SimulatedDisk(files: files)).report.refusal == nil)
    files[name] = disks[1].files[name]
    let refusal = JournalSample.read(SimulatedDisk(files: files)).report.refusal
    #expect(refusal?.exitCode == 65)
    #expect(refusal?.found.contains("an authentic batch follows") == true)
  }

  @Test("every segment has a nonce of its own, and begins where the one before it ended")
  func nonces() throws {
    let sample = try JournalSample()
    let nonces = sample.segments.map { sample.bytes(24..<40, of: $0) }
    #expect(Set(nonces).count == 3)
    let report = sample.read().report
    #expect(report.refusal == nil)
    let segments = report.segments
    for (segment, next) in zip(segments, segments.dropFirst()) {
      #expect(next.firstPosition == segment.lastPosition + 1)
    }
  }
}
