extension WireWriter {
  /// A `bytes` or `text` field from memory that somebody else owns.
  public mutating func bytes(_ value: UnsafeRawBufferPointer, _ field: StaticString) {
    guard value.count <= WireLimits.fieldBytesStructural else {
      note(.lengthAboveLimit, field)
      return u16(0)
    }
    u16(UInt16(truncatingIfNeeded: value.count))
    unsafe raw(value)
  }

  /// A `bytes` or `text` field.
  public mutating func bytes(_ value: [UInt8], _ field: StaticString) {
    unsafe value.withUnsafeBytes { unsafe bytes($0, field) }
  }

  /// A `text` field; the caller answers for its being UTF-8.
  public mutating func text(_ value: [UInt8], _ field: StaticString) { bytes(value, field) }

  // MARK: Texts of tokens

  /// A `text` field with the token's text, spelled in its place; empty for nil.
  mutating func text(spelling token: ParsedToken?) {
    guard let token else { return u16(0) }
    unsafe text(byteCount: token.kind.textLength) { place in
      unsafe TokenText.write(token, into: place)
    }
  }

  /// A `text` field with the reference's text, spelled in its place.
  mutating func text(spelling reference: ParsedReference) {
    unsafe text(byteCount: reference.kind.textLength) { place in
      unsafe TokenText.write(reference, into: place)
    }
  }

  // MARK: Groups

  /// Where a group began, for `endGroup`.
  public struct GroupMark: Sendable {
    let offset: Int
    let field: StaticString
  }

  /// Begins a group: its size is patched by `endGroup`.
  public mutating func beginGroup(_ field: StaticString) -> GroupMark {
    let mark = GroupMark(offset: count, field: field)
    u16(0)
    return mark
  }

  /// Ends the group: writes its size where it began. Above 65,535 bytes the writer notes the fault
  /// `lengthAboveLimit`. Groups that lie in each other end innermost first.
  public mutating func endGroup(_ mark: GroupMark) {
    let size = count - mark.offset - 2
    if size > WireLimits.fieldBytesStructural { note(.lengthAboveLimit, mark.field) }
    patch16(at: mark.offset, UInt16(truncatingIfNeeded: size))
  }

  /// One group, whole.
  public mutating func group(_ value: some WireFields, _ field: StaticString) {
    let mark = beginGroup(field)
    value.write(to: &self)
    endGroup(mark)
  }

  // MARK: Lists

  /// Where a list began, for `endList`.
  public struct ListMark: Sendable {
    let offset: Int
    let field: StaticString
  }

  /// Begins a list whose length is not known yet (bounded by bytes): see `bytes(since:)`.
  public mutating func beginList(_ field: StaticString) -> ListMark {
    let mark = ListMark(offset: count, field: field)
    u16(0)
    return mark
  }

  /// Ends the list: writes its number of elements where it began. For more than 65,535 the writer
  /// notes the fault `countOutsideLimits`.
  public mutating func endList(_ mark: ListMark, count elements: Int) {
    if elements > WireLimits.fieldBytesStructural { note(.countOutsideLimits, mark.field) }
    patch16(at: mark.offset, UInt16(truncatingIfNeeded: elements))
  }

  /// Bytes appended since the list began, its count included.
  public func bytes(since mark: ListMark) -> Int { count - mark.offset }

  /// A list of groups.
  public mutating func list<T: WireFields>(_ values: [T], _ field: StaticString) {
    let mark = beginList(field)
    for value in values { group(value, field) }
    endList(mark, count: values.count)
  }

  /// A list of `text` or `bytes`.
  public mutating func texts(_ values: [[UInt8]], _ field: StaticString) {
    let mark = beginList(field)
    for value in values { bytes(value, field) }
    endList(mark, count: values.count)
  }
}
