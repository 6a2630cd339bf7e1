import StorageSupport
import Testing
import TokenCrypto
import TokenStorage

/// One way to damage a directory, and what it must come to.
struct FileDamage: Sendable, CustomTestStringConvertible, CustomStringConvertible {
  enum Expected: Sendable {
    case refused(RecoveryRefusal.Reason)
    case same
    case withoutLastBatch
  }

  let description: String
  var expected: Expected
  var isWitnessed = true
  var isSealed = false
  let perform: @Sendable (inout JournalSample) throws -> Void

  var testDescription: String { description }

  init(
    _ description: String, _ expected: Expected, isWitnessed: Bool = true, isSealed: Bool = false,
    _ perform: @escaping @Sendable (inout JournalSample) throws -> Void
  ) {
    self.description = description
    self.expected = expected
    self.isWitnessed = isWitnessed
    self.isSealed = isSealed
    self.perform = perform
  }

  static let all: [FileDamage] =
    missing + cut + exchanged + blocks + batches + edited + harmless
}

extension JournalSample {
  /// Replaces a range of a file.
  mutating func put(_ bytes: [UInt8], in name: String, at offset: Int) {
    files[name]?.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  mutating func zero(_ range: Range<Int>, of name: String) {
    put([UInt8](repeating: 0, count: range.count), in: name, at: range.lowerBound)
  }

  func bytes(_ range: Range<Int>, of name: String) -> [UInt8] {
    Array((files[name] ?? [])[range])
  }

  mutating func cut(_ name: String, to count: Int) {
    files[name] = Array((files[name] ?? [])[..<count])
  }

  /// Changes a byte of a single block and makes its checksum fit again.
  mutating func edit(_ name: String, block: Int = 0, at offset: Int, to byte: UInt8) {
    let start = block * 4_096
    put([byte], in: name, at: start + offset)
    let sum = CRC32C.checksum(files[name] ?? [], start..<start + 4_092)
    put(Self.bytes(of: sum), in: name, at: start + 4_092)
  }

  /// Changes bytes of a single block and makes its MAC and its checksum fit again, as only who has
  /// the root key can.
  mutating func sign(_ name: String, block: Int = 0, _ new: [UInt8], at offset: Int) {
    let start = block * 4_096
    put(new, in: name, at: start + offset)
    let tag = JournalMAC(JournalDriver.root).tag(bytes(start..<start + 4_076, of: name))
    let words = [tag.word0, tag.word1]
    put(
      words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } },
      in: name, at: start + 4_076)
    edit(name, block: block, at: 4_091, to: bytes(start + 4_091..<start + 4_092, of: name)[0])
  }

  /// Changes a byte of a batch's header and makes its checksum fit again.
  mutating func editHeader(_ name: String, _ batch: Range<Int>, at offset: Int, to byte: UInt8) {
    put([byte], in: name, at: batch.lowerBound + offset)
    let start = batch.lowerBound
    let sum = CRC32C.checksum(files[name] ?? [], start..<start + 60)
    put(Self.bytes(of: sum), in: name, at: start + 60)
  }

  /// Changes the first byte of a batch's text and makes both checksums fit again.
  mutating func editText(_ name: String, _ batch: Range<Int>) {
    let whole = files[name] ?? []
    let start = batch.lowerBound
    let payload = (0..<4).reduce(0) { $0 | Int(whole[start + 28 + $1]) << (8 * $1) }
    put([whole[start + 64] ^ 1], in: name, at: start + 64)
    let sum = CRC32C.checksum(files[name] ?? [], start + 64..<start + 64 + payload + 16)
    put(Self.bytes(of: sum), in: name, at: start + 56)
    editHeader(name, batch, at: 0, to: whole[start])
  }

  private static func bytes(of sum: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) }
  }
}
