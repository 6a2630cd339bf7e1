internal import LinuxIO

/// When each read-only request of a run began (CLOCK_MONOTONIC) and how long it took: pairs of u64
/// nanoseconds, little-endian, in the order of the answers. For whoever has to know what else went
/// on at that instant; a histogram forgets it.
///
/// Kept in blocks: one array that grows would be copied whole now and then, and requests that are
/// due meanwhile would count as slow.
struct SampleLog {
  private var full: [[UInt64]] = []
  private var words: [UInt64] = []

  private static let blockWords = 1 << 16

  init() {
    full.reserveCapacity(4_096)
    words.reserveCapacity(Self.blockWords)
  }

  @inline(__always)
  mutating func add(started: UInt64, nanos: UInt64) {
    words.append(started.littleEndian)
    words.append(nanos.littleEndian)
    if words.count == Self.blockWords { nextBlock() }
  }

  private mutating func nextBlock() {
    full.append(words)
    words = []
    words.reserveCapacity(Self.blockWords)
  }

  func write(to path: String) throws(BenchError) {
    do {
      let file = try File.open(path: path, .readWrite(createModeBits: 0o644))
      try file.truncate(toByteCount: 0, path: path)
      var offset: Int64 = 0
      for block in full + [words] {
        let bytes = unsafe block.withUnsafeBytes { unsafe [UInt8]($0) }
        try file.writeWhole(bytes, at: offset, path: path)
        offset += Int64(bytes.count)
      }
    } catch {
      throw .file("cannot write the samples: \(error)")
    }
  }
}
