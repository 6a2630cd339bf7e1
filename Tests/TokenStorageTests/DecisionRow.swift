import StorageSupport
import Testing
import TokenStorage

/// One row of the table in proto-spec/journal.md, with a directory that it tells of.
struct DecisionRow: Sendable, CustomTestStringConvertible {
  enum Expected: Sendable {
    case fresh
    case whole(notes: Int)
    /// Begins at this offset of the last segment.
    case tornTail(at: @Sendable (JournalSample) -> Int)
    case refused(Int32, file: @Sendable (JournalSample) -> String, Place)
  }

  /// Where in the file; nil = the whole file is meant.
  typealias Place = @Sendable (JournalSample) -> Int?

  /// What the page calls it.
  let found: String
  let expected: Expected
  var isWitnessed = true
  /// Which steps are synced.
  var syncs: @Sendable (Int) -> Bool = { _ in true }
  var options: @Sendable (JournalSample) -> RecoveryOptions = {
    RecoveryOptions(nowMillis: $0.nowMillis)
  }
  /// A call of the reading that fails.
  var failingCall: Int?
  let perform: @Sendable (inout JournalSample) throws -> Void

  var testDescription: String { found }

  init(
    _ found: String, _ expected: Expected,
    _ perform: @escaping @Sendable (inout JournalSample) throws -> Void = { _ in }
  ) {
    self.found = found
    self.expected = expected
    self.perform = perform
  }

  func with(_ change: (inout DecisionRow) -> Void) -> DecisionRow {
    var row = self
    change(&row)
    return row
  }

  /// A refusal that names a segment and an offset in it.
  static func refused(
    _ code: Int32, segment: Int, _ place: @escaping Place = { _ in nil }
  ) -> Expected {
    .refused(code, file: { $0.segments[segment] }, place)
  }

  static func refused(_ code: Int32, _ name: String, at offset: Int? = nil) -> Expected {
    .refused(code, file: { _ in name }, { _ in offset })
  }
}
