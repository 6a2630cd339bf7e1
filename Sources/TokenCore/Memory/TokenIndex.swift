/// Hash → slots: the shards of the cache. Extendible hashing over segments of 4096 eight-byte
/// entries; one segment splits at a time and there is never a rehash of the whole table.
///
/// One writer; any number of readers that neither lock nor wait, through ``reader``. The same type
/// serves the token slab and the lane's own tables (clients, families, texts).
///
/// **Placement.** The hash's top bits choose the segment, bits 3 ... 11 the home line of eight
/// entries; an entry lies in its home line or, when that is full, in one of the next 15 (linear
/// probing by cache lines). Most look-ups touch one line.
///
/// **An entry** is the tag (top 32 bits of the hash), the displacement in lines (4 bits) and the
/// slot (28 bits). Extendible hashing must be able to place an entry again from the segment alone:
/// the tag gives every directory bit, and line minus displacement gives the home line. A split
/// therefore reads the segment and nothing else, no record and no whole hash.
///
/// **A tag is not an id.** A look-up yields *candidate* slots; the caller compares the full id and,
/// on a mismatch, asks for the next.
///
/// **Probing ends** at a line with an empty place. The invariant: *a line that has an empty place
/// is passed by no entry*. So an entry leaves a tombstone behind only in a line that others probe
/// through; tombstones are used again first, and swept when the last such entry goes.
///
/// **Readers and splits.** Entries never move inside a segment. A split copies the leaving entries
/// to a new segment, publishes it in the directory, and only then takes them out of the old one,
/// which keeps the others. A reader that came through the older directory word may thus miss a key
/// that has left; so a probe that finds nothing looks at the directory again and goes on in the new
/// segment if that differs. This can happen once for each split of the key's own segment, at most
/// ``maxDepth`` times in the life of the index: bounded, no wait on the writer. No segment is ever
/// retired, hence none has to be freed under readers. Directory blocks that were doubled stay as
/// they are until the index ends; together they are smaller than the present one.
///
/// **Limits**: slots below 2^28, not 0; at most 128 entries of one home line and one
/// ``maxDepth``-bit prefix. Random or keyed hashes keep far below; a 129th traps.
///
/// Cost: O(1); 8 bytes an entry at 43-85 % load (38-75 % where it was made for its entries), a
/// split for about 1,700 insertions.
public struct TokenIndex: ~Copyable {
  /// An entry has 28 bits for the slot.
  public static let maxSlot = 1 << 28 - 1
  /// Directory bits: 2^20 segments are 1.7 billion entries at the least load.
  static let maxDepth = 20

  public let reader: TokenIndexReader
  private let root: AtomicWords
  private var memory: IndexMemory
  private let clock: SplitClock?
  /// How long splits took; nothing without a clock.
  public private(set) var splitTimes = IndexSplitTimes()
  /// Entries in the index.
  public private(set) var count = 0
  public private(set) var segmentCount: Int

  /// - Parameters:
  ///   - mapping: where segments come from; nil: the allocator, freed with the index, which must
  ///     then outlive its readers.
  ///   - expected: entries that will be inserted at once: there are segments for them from the
  ///     start, where splits on the way would cost time and save little.
  ///   - clock: what splits are timed by.
  public init(mapping: IndexMapping? = nil, expected: Int = 0, clock: SplitClock? = nil) {
    memory = IndexMemory(mapping)
    self.clock = clock
    root = memory.words(8)
    reader = TokenIndexReader(root: root)
    let depth = Self.depth(for: expected)
    segmentCount = 1 << depth
    let directory = IndexDirectory(memory.words(IndexDirectory.wordCount(depth: depth)))
    directory.setDepth(depth)
    for place in 0..<1 << depth {
      let segment = memory.segment()
      segment.setDepth(depth)
      directory.setSegment(place, segment)
    }
    root.storeReleasing(0, directory.address)
  }

  /// The least depth at which so many random hashes fill segments to three quarters on average. A
  /// segment splits at 85 %, and when sixteen lines in a row are full: few of them do.
  private static func depth(for expected: Int) -> Int {
    var depth = 0
    while depth < maxDepth && expected >> depth > IndexSegment.lineCount * 6 { depth += 1 }
    return depth
  }

  /// Bytes taken for segments and directories.
  public var byteCount: Int { memory.byteCount }

  /// Adds an entry. Publish the record first. The same entry twice is an error not checked here.
  public mutating func insert(_ hash: UInt64, slot: UInt32) {
    precondition(slot > 0 && slot <= Self.maxSlot, "an index entry has 28 bits for the slot")
    while !reader.segment(hash).insert(hash, slot) { split(hash) }
    count += 1
  }

  /// Has the line where an entry of the hash goes on its way to the processor: for many entries one
  /// after the other.
  @inline(__always)
  func touch(_ hash: UInt64) {
    _ = reader.segment(hash).load(IndexSegment.homeLine(hash), 0)
  }

  /// Takes the entry out. Kill the record first.
  /// - Returns: false when the index has no such entry.
  @discardableResult
  public mutating func remove(_ hash: UInt64, slot: UInt32) -> Bool {
    guard reader.segment(hash).remove(hash, slot) else { return false }
    count -= 1
    return true
  }

  /// Candidate slots for the hash; see ``IndexProbe``.
  public func probe(_ hash: UInt64) -> IndexProbe { reader.probe(hash) }

  private mutating func split(_ hash: UInt64) {
    let began = clock?.nanos()
    splitSegment(hash)
    if let clock, let began { splitTimes.note(nanos: clock.nanos() - began) }
  }

  private mutating func splitSegment(_ hash: UInt64) {
    let old = reader.segment(hash)
    precondition(old.depth < Self.maxDepth, "more than 128 keys of an index have one hash")
    let new = memory.segment()
    let split = IndexSplit(old, into: new)
    let depth = old.depth
    if depth == reader.directory.depth { doubleDirectory() }
    let directory = reader.directory
    let width = 1 << (directory.depth - depth)
    let first = directory.place(hash) / width * width
    for place in first + width / 2..<first + width { directory.setSegment(place, new) }
    split.finish()
    segmentCount += 1
  }

  /// Publishes a directory of one bit more in which both halves of each word are the same segment.
  private mutating func doubleDirectory() {
    let old = reader.directory
    let new = IndexDirectory(memory.words(IndexDirectory.wordCount(depth: old.depth + 1)))
    new.setDepth(old.depth + 1)
    for place in 0..<1 << old.depth {
      let segment = IndexSegment(address: old.segmentAddress(place))
      new.setSegment(place * 2, segment)
      new.setSegment(place * 2 + 1, segment)
    }
    root.storeReleasing(0, new.address)
  }
}
