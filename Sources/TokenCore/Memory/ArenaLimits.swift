/// The tables of fat records that the arena holds, each a ``RecordTable``.
///
/// The raw value is the table's place in the arena and part of the snapshot format: append only.
public enum RecordKind: Int, CaseIterable, Sendable {
  case app, user, grant, family, code, consent, ticket, retry, audit, moment, key, setting
}

/// Size of one table of fat records.
public struct RecordLimits: Equatable, Sendable {
  /// Slots 1 ... `capacity` can be used; slot 0 means "none".
  public var capacity: Int
  /// Bytes from one slot to the next: a multiple of 8. The payload is 8 bytes shorter.
  public var strideBytes: Int

  public init(capacity: Int, strideBytes: Int) {
    self.capacity = capacity
    self.strideBytes = strideBytes
  }

  /// The stride that the first versions gave these rows: whole cache lines, zeros at the end.
  var wholeLineStrideBytes: Int { (strideBytes + 63) / 64 * 64 }
}

/// Sizes of every table in the arena. They fix the layout, so they are chosen before the memory is.
public struct ArenaLimits: Equatable, Sendable {
  /// Usable token slots, at most 2^28 - 1 (an index entry has 28 bits for the slot).
  public var tokenCapacity: Int
  /// Usable scope set ids, at most 65,535, and the longest scope set in bytes.
  public var scopeSetCapacity: Int
  public var scopeSetMaxBytes: Int
  /// Usable audience ids, at most 65,535, and the longest audience in bytes.
  public var audienceCapacity: Int
  public var audienceMaxBytes: Int
  private var records: [RecordLimits]

  /// Every table of fat records starts with no slot at all; set those in use through the subscript.
  public init(
    tokenCapacity: Int, scopeSetCapacity: Int = 65_535, scopeSetMaxBytes: Int = 128,
    audienceCapacity: Int = 65_535, audienceMaxBytes: Int = 512
  ) {
    self.tokenCapacity = tokenCapacity
    self.scopeSetCapacity = scopeSetCapacity
    self.scopeSetMaxBytes = scopeSetMaxBytes
    self.audienceCapacity = audienceCapacity
    self.audienceMaxBytes = audienceMaxBytes
    records = [RecordLimits](
      repeating: RecordLimits(capacity: 0, strideBytes: 64), count: RecordKind.allCases.count)
  }

  /// Why no arena has these sizes; nil where one can have them.
  public var fault: String? {
    guard 1...TokenIndex.maxSlot ~= tokenCapacity else {
      return "the table tokens has room for 1 to 268435455 rows"
    }
    guard 0...65_535 ~= scopeSetCapacity, 0...65_535 ~= audienceCapacity else {
      return "tables of texts have room for 0 to 65535 rows: their ids have 16 bits"
    }
    guard 0...Self.rowMaxBytes ~= scopeSetMaxBytes, 0...Self.rowMaxBytes ~= audienceMaxBytes,
      records.allSatisfy({ 16...Self.rowMaxBytes ~= $0.strideBytes && $0.strideBytes % 8 == 0 })
    else { return "rows have at most \(Self.rowMaxBytes) bytes, records 16 or more in whole words" }
    guard records.allSatisfy({ 0...TokenIndex.maxSlot ~= $0.capacity }) else {
      return "tables have room for 0 to 268435455 rows"
    }
    return nil
  }

  private static let rowMaxBytes = 32_768

  /// The version of the tables' bytes that rows as long as these are of: 1 is whole cache lines, 2
  /// whole words. See proto-spec/snapshot.md.
  public var formatVersion: UInt32 {
    RecordKind.allCases.allSatisfy { self[$0].strideBytes % 64 == 0 } ? 1 : 2
  }

  /// Size of a table of fat records. The grant, app and user tables also size the gates.
  public subscript(kind: RecordKind) -> RecordLimits {
    get { records[kind.rawValue] }
    set { records[kind.rawValue] = newValue }
  }
}
