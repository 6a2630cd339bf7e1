/// Bounded, immutable, interned byte strings: scope sets, audiences. An id, once given, means the
/// same bytes for good; nothing is ever removed.
///
/// One writer (the commit lane), readers on any thread through ``reader``. An entry is a length
/// word (bit 32 set, then the byte count) and the bytes. Entry 0 is "none"; its word 1 counts the
/// ids.
public struct TextTable: ~Copyable {
  public let reader: TextReader
  /// Ids are 1 ... `capacity`.
  public let capacity: Int
  private let span: ArenaSpan
  private let hash: TextHash
  private var index = TokenIndex()
  /// Ids given so far: 1 ... `count`.
  public private(set) var count = 0

  /// Which texts the table holds.
  public enum Content: Sendable { case scopeSets, audiences }

  /// Takes the table as it lies in the arena: empty, or as a snapshot left it. O(count).
  public init(_ arena: Arena, _ content: Content, hash: TextHash) {
    let limits = arena.layout.limits
    let maxBytes: Int
    switch content {
    case .scopeSets:
      span = arena.span(.scopeSets)
      capacity = limits.scopeSetCapacity
      maxBytes = limits.scopeSetMaxBytes
    case .audiences:
      span = arena.span(.audiences)
      capacity = limits.audienceCapacity
      maxBytes = limits.audienceMaxBytes
    }
    reader = TextReader(words: span.words, maxBytes: maxBytes)
    self.hash = hash
    rebuildIndex()
  }

  /// Bytes of the longest text that an entry has room for.
  public var maxBytes: Int { reader.maxBytes }

  static func byteCount(capacity: Int, maxBytes: Int) -> Int {
    (capacity + 1) * TextReader.strideWords(maxBytes: maxBytes) * 8
  }

  /// The id of the text; nil when it has none yet. For the lane.
  public func find(_ text: [UInt8]) -> UInt16? {
    var probe = index.reader.probe(hash.hash(text))
    while let id = probe.next() {
      if reader.equals(UInt16(id), text) { return UInt16(id) }
    }
    return nil
  }

  /// The id that the next new text should take after `k` others; nil when the table is full.
  /// Changes nothing.
  public func nextID(after k: Int = 0) -> UInt16? {
    count + k < capacity ? UInt16(count + k + 1) : nil
  }

  /// Gives the text its id, which must be ``nextID(after:)``.
  public mutating func intern(_ id: UInt16, _ text: [UInt8]) {
    precondition(Int(id) == count + 1 && Int(id) <= capacity, "text ids are given in order")
    precondition(text.count <= maxBytes, "the text is longer than its table allows")
    let first = reader.firstWord(id)
    span.willChange(word: first, count: 1 + (text.count + 7) / 8)
    for start in stride(from: 0, to: text.count, by: 8) {
      var word: UInt64 = 0
      for place in start..<min(start + 8, text.count) {
        word |= UInt64(text[place]) << UInt64((place - start) * 8)
      }
      span.words.storeRelaxed(first + 1 + start / 8, word)
    }
    span.words.storeReleasing(first, TextReader.presentBit | UInt64(text.count))
    count += 1
    span.willChange(word: 1, count: 1)
    span.words.storeRelaxed(1, UInt64(count))
    index.insert(hash.hash(text), slot: UInt32(id))
  }

  /// Finds the ids again from the texts, after a snapshot was loaded. O(count).
  public mutating func rebuildIndex() {
    index = TokenIndex()
    count = Int(span.words.loadRelaxed(1))
    precondition(count <= capacity, "the text table's count is out of range")
    for id in stride(from: 1, through: count, by: 1) {
      guard let text = reader.bytes(UInt16(id)) else {
        preconditionFailure("the text table has a gap")
      }
      index.insert(hash.hash(text), slot: UInt32(id))
    }
  }
}
