/// The first page of the arena: what the bytes after it are.
///
/// Word 0 is the magic "SIGNETA" and the format version, word 1 a digest of the limits, so that
/// memory laid out for other limits is refused and not misread.
struct ArenaHeader {
  static let byteCount = 64
  /// 1: rows in whole cache lines; 2: in whole words.
  static let formatVersion: UInt64 = 2
  private static let magic: UInt64 = 0x0041_5445_4e47_4953

  private let words: AtomicWords

  init(_ words: AtomicWords) { self.words = words }

  /// Writes the header into zeroed memory, or checks the one that is there.
  /// - Returns: false when the memory holds an arena of another version or other limits.
  func establish(_ limits: ArenaLimits) -> Bool {
    let first = Self.magic | Self.formatVersion << 56
    let digest = Self.digest(limits)
    if words.loadRelaxed(0) == 0 {
      words.storeRelaxed(1, digest)
      words.storeReleasing(0, first)
      return true
    }
    return words.loadRelaxed(0) == first && words.loadRelaxed(1) == digest
  }

  private static func digest(_ limits: ArenaLimits) -> UInt64 {
    var numbers = [
      limits.tokenCapacity, limits.scopeSetCapacity, limits.scopeSetMaxBytes,
      limits.audienceCapacity, limits.audienceMaxBytes,
    ]
    for kind in RecordKind.allCases {
      numbers += [limits[kind].capacity, limits[kind].strideBytes]
    }
    var bytes: [UInt8] = []
    for number in numbers {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (shift * 8))) }
    }
    return TextHash(key0: 0, key1: 0).hash(bytes)
  }
}
