public import TokenCore

/// What a snapshot says of itself.
public struct SnapshotSummary: Equatable, Sendable {
  public var file: String
  /// The last commit in it.
  public var position: UInt64
  /// The wall clock when it was made.
  public var wallMillis: UInt64
  /// A batch of the journal before it; number 0 = not known.
  public var mark: SnapshotMark
  public var byteCount: Int
  public var pageCount: Int
  /// In the order of `TableUse.names`; capacities are not told.
  public var tables: [TableUse]
}
