/// The names of snapshots: `snap-<16 hex digits of the position>.s`.
enum SnapshotNames {
  static let temporary = "snap.tmp"

  static func snapshot(_ position: UInt64) -> String {
    let digits = String(position, radix: 16)
    return "snap-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits + ".s"
  }

  /// The position that a snapshot's name tells; nil where it is the name of something else.
  static func position(_ name: String) -> UInt64? {
    guard name.utf8.count == 23,
      let position = UInt64(name.dropFirst(5).prefix(16), radix: 16),
      snapshot(position) == name
    else { return nil }
    return position
  }

  /// The snapshots among the names of a directory, newest first.
  static func snapshots(_ names: [String]) -> [(name: String, position: UInt64)] {
    names.compactMap { name in position(name).map { (name, $0) } }
      .sorted { $0.position > $1.position }
  }
}
