/// One entry of an index: tag 32, displacement 4, slot 28. Zero is empty; an entry with slot 0 and
/// displacement 1 is a tombstone.
struct IndexEntry: BitwiseCopyable {
  static let empty: UInt64 = 0
  static let tombstone: UInt64 = 1 << 28
  static let maxDisplacement = 15

  let word: UInt64

  init(word: UInt64) { self.word = word }

  init(tag: UInt32, displacement: Int, slot: UInt32) {
    word = UInt64(tag) << 32 | UInt64(displacement) << 28 | UInt64(slot)
  }

  var tag: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
  /// Lines between the entry's home line and the line it lies in.
  var displacement: Int { Int(word >> 28 & 0xf) }
  var slot: UInt32 { UInt32(truncatingIfNeeded: word) & 0x0fff_ffff }
  /// False for an empty place and for a tombstone.
  var isTaken: Bool { slot != 0 }
}

/// 4096 entries in 512 lines of eight (one cache line each), after one line that only the writer
/// uses: word 0 taken entries, word 1 depth.
struct IndexSegment: BitwiseCopyable {
  static let lineCount = 512
  static let wordCount = 8 + lineCount * 8
  /// Past this many entries a segment splits: 85 %. Lines of eight then still probe about one line.
  static let maxTaken = 3480

  let words: AtomicWords

  init(_ words: AtomicWords) { self.words = words }

  /// The segment that a directory's word names. Segments are never freed before the index is.
  @inline(__always)
  init(address: UInt64) { unsafe words = AtomicWords(address: address, count: Self.wordCount) }

  var address: UInt64 { words.address }
  var taken: Int { Int(words.loadRelaxed(0)) }
  var depth: Int { Int(words.loadRelaxed(1)) }

  func setTaken(_ taken: Int) { words.storeRelaxed(0, UInt64(taken)) }
  func setDepth(_ depth: Int) { words.storeRelaxed(1, UInt64(depth)) }

  /// The home line of a hash: bits 3 ... 11. (The low three bits would be the place in the line,
  /// but a line is searched whole.)
  @inline(__always)
  static func homeLine(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 3 & 0x1ff) }

  @inline(__always)
  func load(_ line: Int, _ place: Int) -> UInt64 { words.loadAcquiring(8 &+ line &<< 3 &+ place) }

  /// The slot of an entry in the hash's home line, or 0: the whole answer for nine keys in ten,
  /// with no branch. Where several match, one of them.
  @inline(__always)
  func slotAtHome(_ hash: UInt64) -> UInt32 {
    let line = words.line(8 &+ Self.homeLine(hash) &<< 3)
    let wanted = hash & 0xffff_ffff_0000_0000
    var slot: UInt64 = 0
    for place in 0..<8 {
      let difference = line.loadAcquiring(place) ^ wanted
      slot = difference < 1 << 28 ? difference : slot
    }
    return UInt32(truncatingIfNeeded: slot)
  }

  func store(_ line: Int, _ place: Int, _ word: UInt64) {
    words.storeReleasing(8 + line << 3 + place, word)
  }

  func hasEmpty(_ line: Int) -> Bool {
    for place in 0..<8 where load(line, place) == IndexEntry.empty { return true }
    return false
  }

  /// The first empty or tombstone place of the line. For the writer. Looks at all eight places, as
  /// leaving early would cost a mispredicted branch, and that is more.
  @inline(__always)
  func openPlace(_ line: Int) -> Int? {
    let entries = words.line(8 &+ line &<< 3)
    var open: UInt = 0
    for place in 0..<8 {
      let isOpen: UInt = IndexEntry(word: entries.loadRelaxed(place)).isTaken ? 0 : 1
      open |= isOpen &<< UInt(place)
    }
    return open == 0 ? nil : open.trailingZeroBitCount
  }

  /// Whether an entry lies beyond the line that probes through it. Such an entry lies before the
  /// first line after this one that has an empty place, or in it.
  func isPassed(_ line: Int) -> Bool {
    for distance in 1...IndexEntry.maxDisplacement {
      let beyond = (line + distance) & (Self.lineCount - 1)
      for place in 0..<8 {
        let entry = IndexEntry(word: load(beyond, place))
        if entry.isTaken && entry.displacement >= distance { return true }
      }
      if hasEmpty(beyond) { return false }
    }
    return false
  }

  /// Turns the line's tombstones into empty places if no entry probes through it.
  func sweep(_ line: Int) {
    var hasTombstone = false
    for place in 0..<8 where load(line, place) == IndexEntry.tombstone { hasTombstone = true }
    if !hasTombstone || isPassed(line) { return }
    for place in 0..<8 where load(line, place) == IndexEntry.tombstone {
      store(line, place, IndexEntry.empty)
    }
  }

  /// - Returns: false when 16 lines from home on have no open place: the segment must be split.
  func insert(_ hash: UInt64, _ slot: UInt32) -> Bool {
    if taken >= Self.maxTaken { return false }
    for displacement in 0...IndexEntry.maxDisplacement {
      let line = (Self.homeLine(hash) + displacement) & (Self.lineCount - 1)
      guard let place = openPlace(line) else { continue }
      let tag = UInt32(truncatingIfNeeded: hash >> 32)
      store(line, place, IndexEntry(tag: tag, displacement: displacement, slot: slot).word)
      setTaken(taken + 1)
      return true
    }
    return false
  }

  /// - Returns: false when the segment has no such entry.
  func remove(_ hash: UInt64, _ slot: UInt32) -> Bool {
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    for displacement in 0...IndexEntry.maxDisplacement {
      let line = (Self.homeLine(hash) + displacement) & (Self.lineCount - 1)
      let sought = IndexEntry(tag: tag, displacement: displacement, slot: slot).word
      for place in 0..<8 where load(line, place) == sought {
        clear(line, place, displacement)
        setTaken(taken - 1)
        return true
      }
    }
    return false
  }

  /// Takes an entry out, and the tombstones that only it made necessary.
  private func clear(_ line: Int, _ place: Int, _ displacement: Int) {
    if hasEmpty(line) {
      store(line, place, IndexEntry.empty)
    } else {
      store(line, place, IndexEntry.tombstone)
      sweep(line)
    }
    for back in stride(from: 1, through: displacement, by: 1) {
      sweep((line - back + Self.lineCount) & (Self.lineCount - 1))
    }
  }
}
