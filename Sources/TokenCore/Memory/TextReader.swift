/// The read side of a ``TextTable``: any thread, no lock, no wait. Texts are immutable, so a read
/// is always whole. Valid as long as the arena's memory is.
public struct TextReader: BitwiseCopyable, Sendable {
  static let presentBit: UInt64 = 1 << 32

  let words: AtomicWords
  public let maxBytes: Int

  /// At least two words, because entry 0 keeps the count in word 1.
  static func strideWords(maxBytes: Int) -> Int { 1 + max(1, (maxBytes + 7) / 8) }

  func firstWord(_ id: UInt16) -> Int { Int(id) * Self.strideWords(maxBytes: maxBytes) }

  /// Bytes of the text; nil when the id was not given (0 never is).
  public func byteCount(_ id: UInt16) -> Int? {
    let length = words.loadAcquiring(firstWord(id))
    return length & Self.presentBit == 0 ? nil : Int(UInt32(truncatingIfNeeded: length))
  }

  /// The text; nil when the id was not given.
  public func bytes(_ id: UInt16) -> [UInt8]? {
    var bytes: [UInt8] = []
    return append(id, to: &bytes) ? bytes : nil
  }

  /// Appends the text. False, and nothing appended, when the id was not given.
  @discardableResult
  public func append(_ id: UInt16, to bytes: inout [UInt8]) -> Bool {
    guard let count = byteCount(id) else { return false }
    let first = firstWord(id) + 1
    for place in 0..<count { bytes.append(byte(first, place)) }
    return true
  }

  /// Copies the text into the target's first bytes.
  /// - Returns: the text's byte count; nil when the id was not given or the target is too short.
  @unsafe
  public func copyBytes(_ id: UInt16, into target: UnsafeMutableRawBufferPointer) -> Int? {
    guard let count = byteCount(id), count <= target.count else { return nil }
    let first = firstWord(id) + 1
    var done = 0
    while done < count {
      var word = words.loadRelaxed(first + done / 8)
      if count - done >= 8 {
        unsafe target.storeBytes(of: word.littleEndian, toByteOffset: done, as: UInt64.self)
      } else {
        for place in done..<count {
          unsafe target[place] = UInt8(truncatingIfNeeded: word)
          word >>= 8
        }
      }
      done += 8
    }
    return count
  }

  func equals(_ id: UInt16, _ text: [UInt8]) -> Bool {
    guard byteCount(id) == text.count else { return false }
    let first = firstWord(id) + 1
    for place in 0..<text.count where byte(first, place) != text[place] { return false }
    return true
  }

  private func byte(_ first: Int, _ place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words.loadRelaxed(first + place / 8) >> UInt64(place % 8 * 8))
  }
}
