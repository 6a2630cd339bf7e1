/// Holds the pages of a snapshot against what the snapshot says of its tables: rows where there are
/// none, numbers that name no row, positions that were not committed yet. A snapshot's MAC says who
/// wrote it, and not that it was written right; what is built on it takes all of this for granted.
///
/// Costs a few loads for each row, of a page that is in the processor's cache at that time.
public struct PageCheck {
  private let layout: ArenaLayout
  private let position: UInt64
  /// Of each table, in the order of ``Table``: the highest row as the snapshot says, as the table
  /// itself says, and the rows that hold something.
  private let highest: [Int]
  private var stated: [Int]
  private var live: [Int]
  private var primaryKeyCount = 0
  /// The last page, and its last eight bytes: a field may begin there.
  private var previous: (page: Int, word: UInt64) = (0, 0)

  /// - Parameters:
  ///   - layout: of the arena that the pages are of.
  ///   - highest: the highest row of each table, in the order of ``Table``.
  ///   - position: of the last commit.
  public init(_ layout: ArenaLayout, highest: [Int], position: UInt64) {
    precondition(highest.count == Table.allCases.count, "one mark for each table")
    self.layout = layout
    self.highest = highest
    self.position = position
    stated = [Int](repeating: 0, count: highest.count)
    live = stated
  }

  /// Looks at a page. To be called in the pages' order.
  ///
  /// - Parameter bytes: ``ArenaLayout/pageBytes``.
  /// - Returns: what is wrong with it, for a message; nil where nothing is.
  @unsafe
  public mutating func fault(ofPage page: Int, _ bytes: UnsafeRawBufferPointer) -> String? {
    precondition(bytes.count == ArenaLayout.pageBytes, "a page has a fixed size")
    guard let (section, offset) = layout.section(ofPage: page) else {
      return "page \(page) is no page of a table"
    }
    if page != previous.page + 1, let fault = faultBehindPrevious() { return fault }
    let isNext = offset > 0 && previous.page == page - 1
    let view = unsafe PageView(bytes, offset: offset, before: isNext ? previous.word : 0)
    previous = (page, view.word(view.end - 8))
    let used = layout.range(section).count
    if let place = view.firstNonzero(from: used) {
      return "byte \(place) of page \(page) is not zero, and the table ends before it"
    }
    switch section {
    case .tokens: return tokens(view)
    case .scopeSets: return texts(view, .scopeSets, layout.limits.scopeSetMaxBytes)
    case .audiences: return texts(view, .audiences, layout.limits.audienceMaxBytes)
    case .grantGates: return gates(view, .grants)
    case .appGates: return gates(view, .apps)
    case .userGates: return gates(view, .users)
    case .control: return control(view)
    case .records(let kind): return records(view, kind)
    case .header, .runtime, .marks: return "page \(page) is no page of a table"
    }
  }

  /// What is wrong with the tables as a whole, after the last page.
  ///
  /// - Parameter liveCounts: the rows that hold something, as the snapshot says.
  public mutating func fault(liveCounts: [Int]) -> String? {
    if let fault = faultBehindPrevious() { return fault }
    if live[Table.keys.rawValue] > 0, primaryKeyCount != 1 {
      return "the table keys has \(primaryKeyCount) primary keys"
    }
    for table in Table.allCases {
      let (name, index) = (table.name, table.rawValue)
      if stated[index] != highest[index] {
        return "the highest row of the table \(name) is \(stated[index]), and the header says "
          + "\(highest[index])"
      }
      let isText = table == .scopeSets || table == .audiences
      if isText && live[index] != highest[index] {
        return "the table \(name) has \(live[index]) texts of \(highest[index])"
      }
      if live[index] != liveCounts[index] {
        return "\(live[index]) rows of the table \(name) hold something, and the last block says "
          + "\(liveCounts[index])"
      }
    }
    return nil
  }

  /// What is wrong with fields that begin in the last page and end in the one behind it, which is
  /// not there: zeros.
  private mutating func faultBehindPrevious() -> String? {
    guard previous.word != 0, let (section, _) = layout.section(ofPage: previous.page),
      case .records(let kind) = section,
      let (next, offset) = layout.section(ofPage: previous.page + 1), next == section
    else { return nil }
    let zeros = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    return unsafe zeros.withUnsafeBytes {
      let view = unsafe PageView($0, offset: offset, before: previous.word)
      return records(view, kind)
    }
  }

  // MARK: Tables

  private mutating func tokens(_ view: PageView) -> String? {
    let rows = view.rows(strideBytes: TokenSlab.strideBytes, place: 0, byteCount: 64)
    let highest = (
      scopes: UInt64(self.highest[Table.scopeSets.rawValue]),
      audiences: UInt64(self.highest[Table.audiences.rawValue]),
      grants: UInt64(self.highest[Table.grants.rawValue]),
      apps: UInt64(self.highest[Table.apps.rawValue]),
      users: UInt64(self.highest[Table.users.rawValue])
    )
    var taken = 0
    for row in rows where row <= layout.limits.tokenCapacity {
      let start = row * TokenSlab.strideBytes
      let state = TokenState(word: view.word(start))
      let (time, owner, person) = (
        view.word(start + 40), view.word(start + 48), view.word(start + 56)
      )
      let isPossible =
        time >> 16 <= position && time & 0xFFFF <= highest.scopes
        && owner >> 32 <= highest.grants && owner >> 16 & 0xFFFF <= highest.audiences
        && person >> 32 <= highest.apps && person & 0xFFFF_FFFF <= highest.users
      guard isPossible else { return impossible(row, .tokens) }
      guard state.isTaken else { continue }
      let isOne = state.isLive != state.isRevoked && state.kind != 0
      guard isOne, row > 0, row <= self.highest[0] else { return outside(row, .tokens) }
      taken += 1
    }
    live[Table.tokens.rawValue] += taken
    note(view, .tokens)
    return nil
  }

  private mutating func texts(_ view: PageView, _ table: Table, _ maxBytes: Int) -> String? {
    let strideBytes = TextReader.strideWords(maxBytes: maxBytes) * 8
    let highest = highest[table.rawValue]
    for row in view.rows(strideBytes: strideBytes, place: 0, byteCount: 8)
    where row <= layout.limits.capacity(table) {
      let length = view.word(row * strideBytes)
      guard length != 0 else { continue }
      guard row > 0, row <= highest else { return outside(row, table) }
      guard length ^ TextReader.presentBit <= UInt64(maxBytes) else {
        return impossible(row, table)
      }
      live[table.rawValue] += 1
    }
    note(view, table)
    return nil
  }

  private func gates(_ view: PageView, _ owners: Table) -> String? {
    for row in view.rows(strideBytes: 8, place: 0, byteCount: 8) {
      let gate = view.word(row * 8)
      guard gate != 0 else { continue }
      guard row > 0, row <= highest[owners.rawValue], gate <= position else {
        return "row \(row) of the table \(owners.name) has an impossible gate"
      }
    }
    return nil
  }

  private func control(_ view: PageView) -> String? {
    for word in 0..<Gates.controlWordCount where word != Gates.providerWord {
      guard view.word(word * 8) <= position else { return "a gate is past the last position" }
    }
    return nil
  }

  private mutating func records(_ view: PageView, _ kind: RecordKind) -> String? {
    let table = Table(kind)
    let limits = layout.limits[kind]
    for row in view.rows(strideBytes: limits.strideBytes, place: 0, byteCount: 8)
    where row <= limits.capacity {
      let header = RecordHeader(word: view.word(row * limits.strideBytes))
      guard !header.isBeingWritten else { return impossible(row, table) }
      guard header.isLive else { continue }
      guard row > 0, row <= highest[table.rawValue] else { return outside(row, table) }
      live[table.rawValue] += 1
    }
    for field in kind.fields {
      let place = RecordReader.headerBytes + field.offset
      let bound = bound(field)
      for row in view.rows(
        strideBytes: limits.strideBytes, place: place, byteCount: field.byteCount)
      where row > 0 && row <= limits.capacity {
        let number = view.number(row * limits.strideBytes + place, byteCount: field.byteCount)
        guard number <= bound else { return impossible(row, table) }
      }
    }
    note(view, table)
    return kind == .key ? keys(view, limits) : nil
  }

  /// A key lies in the row of its id, one up.
  private mutating func keys(_ view: PageView, _ limits: RecordLimits) -> String? {
    let rows = view.rows(
      strideBytes: limits.strideBytes, place: RecordReader.headerBytes, byteCount: 8)
    for row in rows where row > 0 && row * limits.strideBytes >= view.offset {
      let start = row * limits.strideBytes
      guard RecordHeader(word: view.word(start)).isLive else { continue }
      let bytes = view.word(start + RecordReader.headerBytes)
      guard Int(bytes & 0xFF) + 1 == row,
        let state = SigningKey.State(rawValue: UInt8(truncatingIfNeeded: bytes >> 8))
      else { return impossible(row, .keys) }
      if state == .primary { primaryKeyCount += 1 }
    }
    return nil
  }

  private func bound(_ field: RowField) -> UInt64 {
    switch field.meaning {
    case .position: position
    case .time: Limits.numberMax
    case .row(let table): UInt64(highest[table.rawValue])
    }
  }

  // MARK: Findings

  /// Notes what a table says of its highest row, in its first page.
  private mutating func note(_ view: PageView, _ table: Table) {
    guard view.offset == 0 else { return }
    stated[table.rawValue] = Int(clamping: view.word(8))
  }

  private func outside(_ row: Int, _ table: Table) -> String {
    "row \(row) of the table \(table.name) holds something that belongs in no such row"
  }

  private func impossible(_ row: Int, _ table: Table) -> String {
    "row \(row) of the table \(table.name) has a number that no version writes there"
  }
}

/// A page's bytes, at their places in the page's section.
@safe
private struct PageView {
  /// Invariant: whole words, valid while this is in use.
  private let bytes: UnsafeRawBufferPointer
  /// Of the first byte, in the section.
  let offset: Int
  /// The eight bytes before that one.
  private let before: UInt64

  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, offset: Int, before: UInt64) {
    unsafe self.bytes = bytes
    self.offset = offset
    self.before = before
  }

  var end: Int { unsafe offset + bytes.count }

  /// The word at a place that lies in the page.
  @inline(__always)
  func word(_ place: Int) -> UInt64 {
    let index = place - offset
    precondition(index >= 0 && index <= ArenaLayout.pageBytes - 8)
    return unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
  }

  /// A number of 2, 4 or 8 bytes that ends in the page and may begin in the one before.
  func number(_ place: Int, byteCount: Int) -> UInt64 {
    let start = place - offset
    guard start < 0 else {
      precondition(start <= ArenaLayout.pageBytes - byteCount)
      switch byteCount {
      case 2: return unsafe UInt64(bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self))
      case 4: return unsafe UInt64(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      default: return unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      }
    }
    var number: UInt64 = 0
    for index in 0..<byteCount {
      let byte =
        start + index < 0
        ? UInt8(truncatingIfNeeded: before >> UInt64((start + index + 8) * 8))
        : unsafe bytes[start + index]
      number |= UInt64(byte) << UInt64(8 * index)
    }
    return number
  }

  /// The rows of which so many bytes from a place on end in the page.
  func rows(strideBytes: Int, place: Int, byteCount: Int) -> Range<Int> {
    let last = place + byteCount
    precondition(last <= ArenaLayout.pageBytes, "a row is shorter than a page")
    let first = offset < last ? 0 : (offset - last) / strideBytes + 1
    return first..<max(first, (end - last) / strideBytes + 1)
  }

  /// The first place, at or after the given one, that is not zero.
  func firstNonzero(from place: Int) -> Int? {
    var index = max(place, offset)
    while index < end {
      if unsafe bytes[index - offset] != 0 { return index }
      index += 1
    }
    return nil
  }
}
