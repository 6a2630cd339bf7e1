import Synchronization

/// The read side of a ``RecordTable``: any thread, no lock, no wait. Valid as long as the arena's
/// memory is.
public struct RecordReader: BitwiseCopyable, Sendable {
  let words: AtomicWords
  let strideBytes: Int

  /// Of the slot's header word, before the record.
  static let headerBytes = 8

  /// Bytes of a record: the stride without the slot's header word.
  public var payloadBytes: Int { strideBytes - Self.headerBytes }

  func firstWord(_ slot: UInt32) -> Int { Int(slot) * (strideBytes / 8) }

  /// Whether the slot holds a record at this instant. One acquiring load; a slot outside the table
  /// traps.
  public func isLive(_ slot: UInt32) -> Bool {
    RecordHeader(word: words.loadAcquiring(firstWord(slot))).isLive
  }

  /// Changes with every change of the slot; wraps at 32 bits.
  public func generation(_ slot: UInt32) -> UInt32 {
    RecordHeader(word: words.loadAcquiring(firstWord(slot))).generation
  }

  /// Eight bytes of the payload as a little-endian word; `offset` is a multiple of 8.
  public func word(_ slot: UInt32, offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset % 8 == 0 && offset < payloadBytes)
    return words.loadRelaxed(firstWord(slot) + 1 + offset / 8)
  }

  /// Copies bytes of the payload while the lane may be writing: never a data race, but possibly a
  /// mixture of two writes.
  /// - Returns: true when the slot was live and nothing changed in it during the copy. A caller
  ///   must not wait for true; a field that is constant for a record's life is whole either way, as
  ///   long as the record is still the same (``TokenSpace/isStillLive(_:)``).
  @unsafe
  @discardableResult
  public func copyBytes(
    _ slot: UInt32, offset: Int, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    precondition(offset >= 0 && offset + target.count <= payloadBytes, "outside the record")
    let header = firstWord(slot)
    let before = RecordHeader(word: words.loadAcquiring(header))
    var done = 0
    while done < target.count {
      let place = offset + done
      var word = words.loadRelaxed(header + 1 + place / 8) >> UInt64(place % 8 * 8)
      let count = min(8 - place % 8, target.count - done)
      if count == 8 {
        unsafe target.storeBytes(of: word.littleEndian, toByteOffset: done, as: UInt64.self)
      } else {
        for index in done..<done + count {
          unsafe target[index] = UInt8(truncatingIfNeeded: word)
          word >>= 8
        }
      }
      done += count
    }
    atomicMemoryFence(ordering: .acquiring)
    return before.isLive && !before.isBeingWritten && words.loadRelaxed(header) == before.word
  }

  /// Appends bytes of the payload to an array. As ``copyBytes(_:offset:into:)``.
  @discardableResult
  public func appendBytes(
    _ slot: UInt32, offset: Int, count: Int, to bytes: inout [UInt8]
  ) -> Bool {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    return unsafe bytes.withUnsafeMutableBytes {
      unsafe copyBytes(
        slot, offset: offset,
        into: UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + count]))
    }
  }

  /// Whether the payload has these bytes at `offset`. For the lane; allocates nothing.
  public func holds(_ bytes: [UInt8], _ slot: UInt32, offset: Int) -> Bool {
    precondition(offset >= 0 && offset + bytes.count <= payloadBytes, "outside the record")
    let first = firstWord(slot) + 1
    var word: UInt64 = 0
    for index in bytes.indices {
      let (place, byte) = (offset + index).quotientAndRemainder(dividingBy: 8)
      if byte == 0 || index == 0 { word = words.loadRelaxed(first + place) >> UInt64(8 * byte) }
      if UInt8(truncatingIfNeeded: word) != bytes[index] { return false }
      word >>= 8
    }
    return true
  }

  /// Bytes of the payload. For the lane, whose own writes never disturb it.
  public func bytes(_ slot: UInt32, offset: Int = 0, count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    _ = unsafe bytes.withUnsafeMutableBytes { unsafe copyBytes(slot, offset: offset, into: $0) }
    return bytes
  }
}
