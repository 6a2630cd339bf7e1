/// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing
/// above U+10FFFF). ASCII is checked eight bytes a step; the rest goes to the standard library.
public func isUTF8(_ bytes: RawSpan) -> Bool {
  let count = bytes.byteCount
  var offset = 0
  while offset + 8 <= count {
    let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    guard word & 0x8080_8080_8080_8080 == 0 else { break }
    offset += 8
  }
  while offset < count {
    let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    guard byte < 0x80 else { break }
    offset += 1
  }
  guard offset < count else { return true }
  // Any bytes are valid values of UInt8, so viewing them as such breaks nothing.
  let rest = unsafe bytes.extracting(offset..<count)._unsafeView(as: UInt8.self)
  do {
    _ = try UTF8Span(validating: rest)
    return true
  } catch {
    return false
  }
}
