import Foundation
import StorageSupport
import Testing
import TokenCore
import TokenCrypto
import TokenStorage

/// The example of proto-spec/journal.md: the bytes there are the bytes that this program writes.
@Suite("The example in the specification")
struct SpecExampleTests {
  @Test("the hex dumps of proto-spec/journal.md are what the writer writes")
  func dumps() throws {
    let files = try Self.example()
    let page = try String(contentsOfFile: Self.page, encoding: .utf8)
    let segment = try #require(files.keys.first { $0.hasPrefix("seg-") })
    #expect(page.contains(segment))
    let bytes = try #require(files[segment])
    let dumped =
      Self.dump(bytes, 0..<0x78) + Self.dump(bytes, 0xFE0..<0x1090)
      + Self.dump(bytes, 0x2000..<0x2090)
    for line in dumped {
      #expect(page.contains(line), "the page lacks \(line)")
    }
  }

  @Test("CRC-32C has the check value of its definition")
  func checkValue() {
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.checksum([]) == 0)
    #expect(CRC32C.checksum(Array("x123456789y".utf8), 1..<10) == 0xE306_9283)
  }

  /// Root key 00 01 ... 1f, instance 01 x 16, segment nonce 02 x 16, two batches at 2026-01-01, the
  /// first not synced before the second.
  private static func example() throws -> [String: [UInt8]] {
    let blocks = Counter(UInt64(0))
    var options = JournalOptions()
    (options.segmentBytes, options.reserveBytes) = (16_384, 0)
    options.drawBlock = {
      let word = blocks.next() &* 0x0101_0101_0101_0101
      return Block128(word0: word, word1: word)
    }
    let disk = SimulatedDisk()
    var writer = try JournalWriter.create(
      disk, JournalDriver.root, options, wallMillis: 1_767_225_600_000)
    var batch = CommitBatch()
    batch.add([.tokenRevoked(7)], at: 1)
    try writer.append(batch, sync: false, wallMillis: 1_767_225_600_123)
    batch = CommitBatch()
    batch.add([.tokenRevoked(8)], at: 2)
    try writer.append(batch, wallMillis: 1_767_225_600_124)
    return disk.files
  }

  private static let page = #filePath.replacingOccurrences(
    of: "Tests/TokenStorageTests/SpecExampleTests.swift", with: "proto-spec/journal.md")

  /// Lines of 16 bytes: offset and bytes.
  private static func dump(_ bytes: [UInt8], _ range: Range<Int>) -> [String] {
    stride(from: range.lowerBound, to: range.upperBound, by: 16).map { start in
      let row = bytes[start..<min(start + 16, range.upperBound)]
      return String(format: "%04x  ", start)
        + row.map { String(format: "%02x", $0) }.joined(separator: " ")
    }
  }
}

/// A counter for one thread.
private final class Counter: @unchecked Sendable {
  private var value: UInt64
  init(_ value: UInt64) { self.value = value }

  func next() -> UInt64 {
    value += 1
    return value
  }
}
