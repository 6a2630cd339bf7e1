/// How much of a reply a page of a list may still fill. The first entry always fits, so that a list
/// goes on.
struct PageBudget {
  static let defaultMaxBytes = 60_000
  /// Position, cursor and count come before the entries.
  private static let headBytes = 8 + 8 + 2
  private var bytesLeft: Int
  private var isEmpty = true

  init(_ page: Page) {
    let wanted = page.maxBytes > 0 ? page.maxBytes : Self.defaultMaxBytes
    bytesLeft = min(wanted, Self.defaultMaxBytes) - Self.headBytes
  }

  /// Whether an entry of so many bytes goes on this page.
  mutating func take(_ byteCount: Int) -> Bool {
    guard isEmpty || byteCount <= bytesLeft else { return false }
    isEmpty = false
    bytesLeft -= byteCount
    return true
  }
}
