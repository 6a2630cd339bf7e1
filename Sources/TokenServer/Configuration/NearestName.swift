/// "did you mean ...?" for a name that is close to one of `known`, else nil.
func suggestion(for name: some Collection<UInt8>, among known: [String], prefix: String = "")
  -> String?
{
  // Longer ones are no typing mistakes, and the distance costs the product of the lengths.
  guard name.count <= 64 else { return nil }
  let written = Array(name)
  var best: (distance: Int, name: String)?
  for candidate in known {
    let distance = editDistance(written, Array(candidate.utf8))
    if distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  guard let best, best.distance <= max(1, best.name.utf8.count / 3) else { return nil }
  return "did you mean \(prefix)\(best.name)?"
}

/// Letters to insert, delete or replace to make one into the other (Levenshtein). Costs the product
/// of the lengths.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var row = Array(0...right.count)
  for (i, byte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = diagonal + (byte == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[right.count]
}
