/// The read side of a ``TokenIndex``: any thread. Valid as long as the index is.
public struct TokenIndexReader: BitwiseCopyable, Sendable {
  let root: AtomicWords

  /// Candidate slots for the hash; see ``IndexProbe``.
  public func probe(_ hash: UInt64) -> IndexProbe { IndexProbe(self, hash) }

  @inline(__always)
  var directory: IndexDirectory { IndexDirectory(address: root.loadAcquiring(0)) }

  @inline(__always)
  func segment(_ hash: UInt64) -> IndexSegment {
    let directory = directory
    return IndexSegment(address: directory.segmentAddress(directory.place(hash)))
  }
}

/// The slots whose entries match a hash in its tag and home line, one after the other. Allocates
/// nothing. A candidate is no answer: compare the full id, and go on with `next()` if it differs.
///
/// A key that is in the index throughout the probe is among the candidates, whatever the writer
/// does meanwhile. A candidate may have been removed meanwhile, and after a split one may come
/// twice.
public struct IndexProbe: BitwiseCopyable {
  private let reader: TokenIndexReader
  private let hash: UInt64
  private var segment: IndexSegment
  /// Lines behind the home line; past ``IndexEntry/maxDisplacement`` the segment is exhausted.
  private var displacement = 0
  /// Matching places of the present line still to be given out, one bit each.
  private var matches: UInt8 = 0
  private var isLastLine = false
  private var slots = InlineArray<8, UInt32>(repeating: 0)

  init(_ reader: TokenIndexReader, _ hash: UInt64) {
    self.reader = reader
    self.hash = hash
    segment = reader.segment(hash)
    scan()
  }

  /// The next candidate; nil when there is no more.
  public mutating func next() -> UInt32? {
    while matches == 0 {
      if isLastLine {
        let present = reader.segment(hash)
        if present.address == segment.address { return nil }
        segment = present
        displacement = 0
      } else {
        displacement += 1
      }
      scan()
    }
    let place = matches.trailingZeroBitCount
    matches &= matches - 1
    return slots[place]
  }

  /// Reads the eight entries of the present line, without a branch for each.
  private mutating func scan() {
    let line = (IndexSegment.homeLine(hash) + displacement) & (IndexSegment.lineCount - 1)
    // All but the slot must be equal; a tombstone or empty place has slot 0.
    let wanted = (hash >> 32) << 32 | UInt64(displacement) << 28
    var found: UInt8 = 0
    var empties: UInt8 = 0
    for place in 0..<8 {
      let word = segment.load(line, place)
      let difference = word ^ wanted
      let isMatch = difference < 1 << 28 && difference != 0
      found |= (isMatch ? 1 : 0) &<< UInt8(truncatingIfNeeded: place)
      empties |= word == IndexEntry.empty ? 1 : 0
      slots[place] = UInt32(truncatingIfNeeded: word) & 0x0fff_ffff
    }
    matches = found
    isLastLine = empties != 0 || displacement == IndexEntry.maxDisplacement
  }
}
