import Testing

@testable import TokenCore

/// Pages by themselves; with whole snapshots, "Snapshots: impossible" looks at the rest.
@Suite struct PageCheckTests {
  private static let layout: ArenaLayout = {
    var sizes = TableSizes.small
    sizes.families = 10_000
    return ArenaLayout(sizes.arenaLimits)
  }()
  private static let highest = Table.allCases.map { layout.limits.capacity($0) }
  private static let firstPage =
    layout.range(.records(.family)).lowerBound / ArenaLayout.pageBytes

  /// The position of family 6,931 has four bytes in the table's page 10 and four in page 11.
  private func fault(position: UInt64, pages: [Int], limit: UInt64) -> String? {
    var check = PageCheck(Self.layout, highest: Self.highest, position: limit)
    let place = 6_931 * RefreshFamily.strideBytes + RecordReader.headerBytes + 60
    for page in pages {
      var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      for index in 0..<8 {
        let offset = place + index - page * ArenaLayout.pageBytes
        guard bytes.indices.contains(offset) else { continue }
        bytes[offset] = UInt8(truncatingIfNeeded: position >> UInt64(8 * index))
      }
      let found = unsafe bytes.withUnsafeBytes {
        unsafe check.fault(ofPage: Self.firstPage + page, $0)
      }
      if let found { return found }
    }
    return check.fault(liveCounts: Self.highest)
  }

  /// Whether it is the position that is wrong; the marks of these tables are, too.
  private func isRefused(position: UInt64, pages: [Int], limit: UInt64) -> Bool {
    fault(position: position, pages: pages, limit: limit)?.contains("row 6931 of") ?? false
  }

  @Test func aFieldThatBeginsInThePageBefore() {
    #expect(!isRefused(position: 5, pages: [10, 11], limit: 5))
    #expect(isRefused(position: 5, pages: [10, 11], limit: 4))
    #expect(isRefused(position: 5 << 32, pages: [10, 11], limit: 5))
    #expect(!isRefused(position: 5 << 32, pages: [10, 11], limit: 5 << 32))
  }

  /// A page that is not there is zeros.
  @Test func aFieldBesideAPageThatIsNotThere() {
    #expect(!isRefused(position: 5, pages: [9, 11], limit: 4))
    #expect(isRefused(position: 5, pages: [10, 13], limit: 4))
    #expect(isRefused(position: 5, pages: [10], limit: 4))
    #expect(!isRefused(position: 5, pages: [10], limit: 5))
  }

  @Test(arguments: [0, 1 << 20, 1 << 47, Int.max])
  func aPageOfNoTable(_ page: Int) {
    var check = PageCheck(Self.layout, highest: Self.highest, position: 1)
    let bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    let found = unsafe bytes.withUnsafeBytes { unsafe check.fault(ofPage: page, $0) }
    #expect(found == "page \(page) is no page of a table")
  }
}
