/// A bounded cursor over the bytes of one body. Every read is checked against the end of the
/// innermost group; reading past it throws and leaves the cursor unusable for anything but
/// dropping, because a fault ends the connection.
///
/// Nothing is copied but the fields that are asked for as arrays, and nothing is allocated beyond
/// what the bytes at hand can fill.
public struct WireReader: ~Escapable {
  @usableFromInline let bytes: RawSpan
  /// Offset of the next byte, counted from the start of the body.
  public private(set) var position: Int
  /// End of the innermost group.
  @usableFromInline var limit: Int

  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    self.bytes = bytes
    position = 0
    limit = bytes.byteCount
  }

  /// Bytes left in the innermost group.
  public var remaining: Int { limit - position }

  /// Advances over `count` bytes and returns where they begin.
  private mutating func take(_ count: Int, _ field: StaticString) throws(WireFault) -> Int {
    guard count <= limit - position else { throw WireFault(.truncated, "\(field)") }
    let start = position
    position += count
    return start
  }

  // MARK: Numbers

  /// One byte. Throws `truncated` at the end of the group, as all these do.
  public mutating func u8(_ field: StaticString) throws(WireFault) -> UInt8 {
    let start = try take(1, field)
    return unsafe bytes.unsafeLoad(fromByteOffset: start, as: UInt8.self)
  }

  /// Two bytes, little-endian; 0 ... 65,535.
  public mutating func u16(_ field: StaticString) throws(WireFault) -> UInt16 {
    let start = try take(2, field)
    let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt16.self)
    return UInt16(littleEndian: raw)
  }

  /// Four bytes, little-endian.
  public mutating func u32(_ field: StaticString) throws(WireFault) -> UInt32 {
    let start = try take(4, field)
    let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt32.self)
    return UInt32(littleEndian: raw)
  }

  /// Eight bytes, little-endian.
  public mutating func u64(_ field: StaticString) throws(WireFault) -> UInt64 {
    let start = try take(8, field)
    let raw = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
    return UInt64(littleEndian: raw)
  }

  /// Sixteen bytes as they are, without a length.
  public mutating func b16(_ field: StaticString) throws(WireFault) -> Bytes16 {
    guard remaining >= 16 else { throw WireFault(.truncated, "\(field)") }
    let word0 = try u64(field)
    return Bytes16(word0: word0, word1: try u64(field))
  }

  /// One byte that is 0 or 1; throws `invalidBool` for any other.
  public mutating func bool(_ field: StaticString) throws(WireFault) -> Bool {
    switch try u8(field) {
    case 0: return false
    case 1: return true
    default: throw WireFault(.invalidBool, "\(field)")
    }
  }

  /// A `u8` that this version gives a meaning only for the cases of `type`.
  public mutating func enumeration<T: RawRepresentable<UInt8>>(
    _ type: T.Type = T.self, _ field: StaticString
  ) throws(WireFault) -> T {
    guard let value = T(rawValue: try u8(field)) else {
      throw WireFault(.invalidValue, "\(field)")
    }
    return value
  }

  // MARK: Variable length

  /// A `bytes` field as a range of the body.
  public mutating func bytesRange(_ field: StaticString) throws(WireFault) -> Range<Int> {
    let count = Int(try u16(field))
    let start = try take(count, field)
    return start..<start + count
  }

  /// A `text` field as a range of the body, checked to be UTF-8.
  public mutating func textRange(_ field: StaticString) throws(WireFault) -> Range<Int> {
    let range = try bytesRange(field)
    guard isUTF8(bytes.extracting(range)) else { throw WireFault(.invalidUTF8, "\(field)") }
    return range
  }

  /// A `bytes` field, copied.
  public mutating func bytes(_ field: StaticString) throws(WireFault) -> [UInt8] {
    copy(try bytesRange(field))
  }

  /// A `text` field, copied, checked to be UTF-8.
  public mutating func text(_ field: StaticString) throws(WireFault) -> [UInt8] {
    copy(try textRange(field))
  }

  private func copy(_ range: Range<Int>) -> [UInt8] {
    // The pointer lives for the closure only; the array is a copy.
    unsafe bytes.extracting(range).withUnsafeBytes { unsafe [UInt8]($0) }
  }

  // MARK: Groups and lists

  /// Narrows the cursor to the group that begins here. Returns the end of the group around it,
  /// which `leaveGroup` wants back.
  public mutating func enterGroup(_ field: StaticString) throws(WireFault) -> Int {
    let size = Int(try u16(field))
    guard size <= remaining else { throw WireFault(.overrun, "\(field)") }
    let outer = limit
    limit = position + size
    return outer
  }

  /// Skips what the group holds beyond the fields read (a later version's) and widens the cursor.
  public mutating func leaveGroup(_ outer: Int) {
    position = limit
    limit = outer
  }

  /// One group, whole.
  public mutating func group<T: WireFields>(
    _ type: T.Type = T.self, _ field: StaticString
  ) throws(WireFault) -> T {
    let outer = try enterGroup(field)
    let value: T
    do { value = try T(parsing: &self) } catch { throw error.inside("\(field)") }
    leaveGroup(outer)
    return value
  }

  /// One group of a list; faults name its index.
  private mutating func element<T: WireFields>(
    _ type: T.Type, _ field: StaticString, _ index: Int
  ) throws(WireFault) -> T {
    let outer = try enterGroup(field)
    let value: T
    do { value = try T(parsing: &self) } catch { throw error.inside("\(field)[\(index)]") }
    leaveGroup(outer)
    return value
  }

  /// The count of a list whose elements take at least `minimumBytes` each: refused when outside
  /// `min...max` or when the bytes at hand cannot hold that many.
  public mutating func count(
    _ field: StaticString, min: Int = 0, max: Int, minimumBytes: Int = 2
  ) throws(WireFault) -> Int {
    let count = Int(try u16(field))
    guard count >= min, count <= max else { throw WireFault(.countOutsideLimits, "\(field)") }
    guard count * minimumBytes <= remaining else { throw WireFault(.overrun, "\(field)") }
    return count
  }

  /// A list of groups.
  public mutating func list<T: WireFields>(
    _ type: T.Type = T.self, _ field: StaticString, min: Int = 0,
    max: Int = WireLimits.fieldBytesStructural
  ) throws(WireFault) -> [T] {
    let count = try count(field, min: min, max: max)
    var elements: [T] = []
    // A group in memory can be a hundred times its two bytes on the wire, so the array grows with
    // what has been parsed and not with what the count promises.
    elements.reserveCapacity(Swift.min(count, 16))
    for index in 0..<count { elements.append(try element(T.self, field, index)) }
    return elements
  }

  /// A list of `text`.
  public mutating func texts(
    _ field: StaticString, max: Int = WireLimits.fieldBytesStructural
  ) throws(WireFault) -> [[UInt8]] {
    let count = try count(field, max: max)
    var elements: [[UInt8]] = []
    elements.reserveCapacity(Swift.min(count, 16))
    for _ in 0..<count { elements.append(try text(field)) }
    return elements
  }

  /// A list of `bytes`.
  public mutating func byteStrings(
    _ field: StaticString, min: Int = 0,
    max: Int = WireLimits.fieldBytesStructural
  ) throws(WireFault) -> [[UInt8]] {
    let count = try count(field, min: min, max: max)
    var elements: [[UInt8]] = []
    elements.reserveCapacity(Swift.min(count, 16))
    for _ in 0..<count { elements.append(try bytes(field)) }
    return elements
  }
}
