internal import LinuxIO

/// When each read-only request of a run began (CLOCK_MONOTONIC) and how long it took: pairs of u64
/// nanoseconds, little-endian, in the order of the answers. For whoever has to know what else went
/// on at that instant; a histogram forgets it.
struct SampleLog {
  private var words: [UInt64] = []

  init() { words.reserveCapacity(1 << 20) }

  @inline(__always)
  mutating func add(started: UInt64, nanos: UInt64) {
    words.append(started.littleEndian)
    words.append(nanos.littleEndian)
  }

  func write(to path: String) throws(BenchError) {
    let bytes = unsafe words.withUnsafeBytes { unsafe [UInt8]($0) }
    do {
      let file = try File.open(path: path, .readWrite(createModeBits: 0o644))
      try file.truncate(toByteCount: 0, path: path)
      try file.writeWhole(bytes, at: 0, path: path)
    } catch {
      throw .file("cannot write the samples: \(error)")
    }
  }
}
