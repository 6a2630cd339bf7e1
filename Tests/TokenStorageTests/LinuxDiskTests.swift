import Foundation
import LinuxIO
import StorageSupport
import Testing
import TokenCore

@testable import TokenStorage

/// The journal on real files.
@Suite("LinuxDisk")
final class LinuxDiskTests {
  let path: String
  let disk: LinuxDisk
  var options = JournalOptions()

  init() throws {
    path = NSTemporaryDirectory() + "signet-journal-" + UUID().uuidString
    try Directory.create(path: path, modeBits: 0o700)
    disk = LinuxDisk(path: path)
    (options.segmentBytes, options.reserveBytes) = (65_536, 65_536)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @Test("commits appended over five starts come back, and every file is private")
  func starts() throws {
    var positions: UInt64 = 0
    for start in 0..<5 {
      var writer = try open(expecting: positions)
      for _ in 0..<8 {
        positions += 1
        let durable = try writer.append(batch(positions), wallMillis: 1_000)
        #expect(durable == positions)
      }
      if start % 2 == 0 { try writer.seal(wallMillis: 1_000) }
    }
    _ = try open(expecting: positions)
    for name in try disk.list() {
      let status = try #require(try FileStatus.ofPath(path + "/" + name))
      #expect(status.modeBits == 0o600, "\(name)")
    }
  }

  @Test("segments are as large as asked from the beginning")
  func segmentSize() throws {
    var writer = try open(expecting: 0)
    for position in UInt64(1)...40 { try writer.append(batch(position), wallMillis: 1_000) }
    let names = try disk.list().filter { $0.hasSuffix(".j") }
    #expect(names.count > 3 && names.contains("reserve.j"))
    for name in names {
      #expect(try FileStatus.ofPath(path + "/" + name)?.byteCount == 65_536, "\(name)")
    }
  }

  @Test("a flipped bit on the real disk is refused and the message names file and offset")
  func flippedBit() throws {
    do {
      var writer = try open(expecting: 0)
      for position in UInt64(1)...3 { try writer.append(batch(position), wallMillis: 1_000) }
      try writer.seal(wallMillis: 1_000)
    }
    let name = try #require(try disk.list().first { $0.hasPrefix("seg-") })
    let file = try disk.open(name, isWritable: true)
    var bytes = try file.read(byteCount: 1, at: 4_096 + 66)
    bytes[0] ^= 0x10
    #expect(try file.write(bytes, from: 0, at: 4_096 + 66) == 1)
    let check = JournalVerification(disk, JournalDriver.root)
    #expect(check.exitCode == 65)
    let message = check.verdictText
    #expect(message.contains(name) && message.contains("byte 4096"), "\(message)")
  }

  @Test("a link in the place of a file is an error, not followed")
  func link() throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/FORMAT", withDestinationPath: "/etc/passwd")
    let report = Recovery.read(disk, JournalDriver.root) { _ in }
    #expect(report.refusal?.exitCode == 69)
  }

  @Test("a device in the place of a file, which need not end, is an error")
  func device() throws {
    let devices = LinuxDisk(path: "/dev")
    let error = try #require(throws: SystemError.self) {
      _ = try devices.open("zero", isWritable: false)
    }
    #expect(error.errno == .invalid && error.description.contains("/dev/zero"))
  }

  /// A mebibyte of segment at each start, of which 8 KiB are needed.
  @Test(
    "twenty starts of a service with nothing to do leave no room taken", arguments: [true, false])
  func idleStarts(isSealed: Bool) throws {
    options.segmentBytes = 1 << 20
    for _ in 0..<20 {
      let report = Recovery.read(disk, JournalDriver.root) { _ in }
      var writer = try open(expecting: 0)
      var rest = SegmentRest(report.segments)
      while rest.releaseNext(disk) {}
      if isSealed { try writer.seal(wallMillis: 1_000) }
    }
    _ = try open(expecting: 0)
    let segments = try disk.list().filter { $0.hasPrefix("seg-") }
    var takenBytes = 0
    for name in segments {
      #expect(try FileStatus.ofPath(path + "/" + name)?.byteCount == 1 << 20)
      var status = stat()
      #expect(unsafe stat(path + "/" + name, &status) == 0)
      takenBytes += Int(status.st_blocks) * 512
    }
    #expect(segments.count == 21 && takenBytes < 3 << 20, "\(takenBytes)")
  }

  @Test("the rest of segments goes in pieces of 4 MiB, and none of what they hold, nor the reserve")
  func rest() throws {
    let bytes = [UInt8](repeating: 7, count: 10 << 20)
    for name in ["seg-1.j", "reserve.j"] { try disk.create(name).writeAll(bytes) }
    let segments = ["seg-1.j", "seg-2.j", "reserve.j"].map {
      SegmentSummary(
        file: $0, firstPosition: 1, lastPosition: 2, firstBatch: 1, batchCount: 1,
        usedBytes: 1 << 20, byteCount: bytes.count)
    }
    var rest = SegmentRest(segments)
    var pieces = 0
    while rest.releaseNext(disk) { pieces += 1 }
    // Three of the first, and the second is not there any more.
    #expect(pieces == 4)
    let file = try disk.open("seg-1.j", isWritable: false)
    #expect(try file.byteCount() == bytes.count)
    let end = try file.read(byteCount: 9 << 20, at: 1 << 20)
    #expect(try file.read(byteCount: 1 << 20, at: 0) == Array(bytes[..<(1 << 20)]))
    #expect(end.allSatisfy { $0 == 0 })
    let reserve = try disk.open("reserve.j", isWritable: false)
    #expect(try reserve.read(byteCount: bytes.count, at: 0) == bytes)
  }

  @Test("in a hurry a file of a tebibyte, which would take minutes little by little, goes at once")
  func hurry() throws {
    _ = try disk.create("snap-1.s")
    #expect(unsafe truncate(path + "/snap-1.s", 1 << 40) == 0)
    disk.hurry()
    try disk.unlink("snap-1.s")
    #expect(try disk.list() == [])
  }

  @Test("a large file that is removed is gone, also where the name it goes by is taken")
  func largeFile() throws {
    let bytes = [UInt8](repeating: 7, count: 9 << 20)
    for isTaken in [false, true] {
      if isTaken { try disk.makeDirectory("removed.tmp") }
      try disk.create("snap-1.s").writeAll(bytes)
      try disk.unlink("snap-1.s")
      #expect(try disk.list() == (isTaken ? ["removed.tmp"] : []))
    }
  }

  @Test("a large file in a directory goes there, and leaves the directory empty")
  func largeFileInADirectory() throws {
    try disk.makeDirectory("backup")
    try disk.create("backup/snap-1.s").writeAll([UInt8](repeating: 7, count: 9 << 20))
    try disk.unlink("backup/snap-1.s")
    try disk.removeDirectory("backup")
    #expect(try disk.list() == [])
  }

  @Test("a large file that has another name stays whole under it")
  func linkedFile() throws {
    let bytes = [UInt8](repeating: 7, count: 9 << 20)
    try disk.create("snap-1.s").writeAll(bytes)
    try FileManager.default.linkItem(atPath: path + "/snap-1.s", toPath: path + "/copy")
    try disk.unlink("snap-1.s")
    #expect(try disk.list() == ["copy"])
    #expect(try FileStatus.ofPath(path + "/copy")?.byteCount == UInt64(bytes.count))
  }

  private func open(expecting last: UInt64) throws -> JournalWriter {
    var next: UInt64 = 1
    let report = Recovery.read(disk, JournalDriver.root) { commit in
      #expect(commit.position == next)
      #expect(commit.effects == [.tokenRevoked(UInt32(commit.position))])
      next += 1
    }
    #expect(next == last + 1)
    switch report.verdict {
    case .fresh(let leftovers):
      return try JournalWriter.create(
        disk, JournalDriver.root, options, leftovers: leftovers, wallMillis: 1_000)
    case .clean(let end), .tornTail(let end, _):
      return try JournalWriter.open(
        disk, JournalDriver.root, options, after: end, wallMillis: 1_000)
    case .refused(let refusal): throw refusal
    }
  }

  private func batch(_ position: UInt64) -> CommitBatch {
    var batch = CommitBatch()
    batch.add([.tokenRevoked(UInt32(position))], at: position)
    return batch
  }
}

extension DiskFile {
  fileprivate func writeAll(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count { done += try write(bytes, from: done, at: done) }
  }
}
