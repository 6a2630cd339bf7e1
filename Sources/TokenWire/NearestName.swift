/// The name of `known` that `written` most likely stands for, or nil when none is near. For the
/// error messages of both programs.
public func nearestName(
  to written: some Collection<UInt8>, among known: [String]
) -> String? {
  // Nobody mistypes that much, and the distance costs the product of the lengths.
  guard written.count <= 64 else { return nil }
  let written = Array(written)
  let ranked = known.map { (distance: editDistance(written, Array($0.utf8)), name: $0) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, best.name.utf8.count / 3) ? best.name : nil
}

/// Bytes to insert, delete, replace or swap with the next to make one into the other.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var rows = [Array(0...right.count)]
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      var best = min(
        rows[i][j] + (left[i] == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        best = min(best, rows[i - 1][j - 1] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[left.count][right.count]
}
