import TokenStorage

// Blocks and batches inside of files: damaged, moved, of a later version, edited.

extension FileDamage {
  static let blocks: [FileDamage] = [
    FileDamage("header of the middle segment zeroed", .refused(.damaged)) {
      $0.zero(0..<4_096, of: $0.segments[1])
    },
    FileDamage("header of the last segment zeroed", .refused(.damaged)) {
      $0.zero(0..<4_096, of: $0.segments[2])
    },
    FileDamage("header of the last segment damaged", .refused(.damaged)) {
      $0.put([1, 2, 3], in: $0.segments[2], at: 100)
    },
    FileDamage("FORMAT damaged", .refused(.damaged)) { $0.put([1, 2, 3], in: "FORMAT", at: 8) },
    FileDamage("both slots of the witness damaged", .refused(.damaged)) {
      $0.put([1, 2], in: "witness", at: 50)
      $0.put([1, 2], in: "witness", at: 4_096 + 50)
    },
    FileDamage("FORMAT of a later version", .refused(.newerFormat)) {
      $0.edit("FORMAT", at: 6, to: 2)
    },
    FileDamage("a segment of a later version", .refused(.newerFormat)) {
      $0.edit($0.segments[1], at: 6, to: 2)
    },
    FileDamage("a witness of a later version", .refused(.newerFormat)) {
      $0.edit("witness", at: 6, to: 2)
    },
  ]

  static let batches: [FileDamage] = [
    FileDamage("a batch in a segment that has a successor damaged", .refused(.damaged)) {
      $0.put([0xFF], in: $0.segments[0], at: $0.batches(0)[1].lowerBound + 70)
    },
    FileDamage("the last batch before a successor damaged", .refused(.damaged)) {
      $0.put([0xFF], in: $0.segments[1], at: $0.batches(1).last!.lowerBound + 70)
    },
    FileDamage("a batch of the last segment damaged, a whole one after it", .refused(.damaged)) {
      $0.put([0xFF], in: $0.segments[2], at: $0.batches(2)[0].lowerBound + 70)
    },
    FileDamage("the same, not witnessed", .refused(.damaged), isWitnessed: false) {
      $0.put([0xFF], in: $0.segments[2], at: $0.batches(2)[0].lowerBound + 70)
    },
    FileDamage("a hole: zeros, then a whole batch", .refused(.damaged), isWitnessed: false) {
      $0.zero($0.batches(2)[0], of: $0.segments[2])
    },
    FileDamage("the last batch damaged, witnessed", .refused(.damaged)) {
      $0.put([0xFF], in: $0.segments[2], at: $0.batches(2).last!.lowerBound + 70)
    },
    FileDamage("the last batch damaged, not witnessed", .withoutLastBatch, isWitnessed: false) {
      $0.put([0xFF, 1], in: $0.segments[2], at: $0.batches(2).last!.lowerBound + 70)
    },
    FileDamage("the last batch zeroed, not witnessed", .withoutLastBatch, isWitnessed: false) {
      $0.zero($0.batches(2).last!, of: $0.segments[2])
    },
    FileDamage(
      "a batch before the seal damaged", .refused(.damaged), isWitnessed: false, isSealed: true
    ) {
      let batches = $0.batches(2)
      $0.put([0xFF, 1], in: $0.segments[2], at: batches[batches.count - 2].lowerBound + 70)
    },
    FileDamage("two batches swapped", .refused(.damaged)) {
      let batches = $0.batches(1)
      let first = $0.bytes(batches[0], of: $0.segments[1])
      let second = $0.bytes(batches[1], of: $0.segments[1])
      $0.put(second + first, in: $0.segments[1], at: batches[0].lowerBound)
    },
    FileDamage(
      "a batch written a second time after the last", .refused(.damaged), isWitnessed: false
    ) {
      let batches = $0.batches(2)
      $0.put(
        $0.bytes(batches[1], of: $0.segments[2]), in: $0.segments[2],
        at: batches.last!.upperBound)
    },
    FileDamage("a stale block in the place of a batch", .refused(.damaged)) {
      let batches = $0.batches(2)
      $0.put(
        $0.bytes(batches[0].lowerBound..<batches[0].lowerBound + 4_096, of: $0.segments[2]),
        in: $0.segments[2], at: batches[1].lowerBound)
    },
    FileDamage("a batch of another segment in the place of one", .refused(.notAuthentic)) {
      let stranger = $0.bytes($0.batches(0)[0], of: $0.segments[0])
      $0.put(stranger, in: $0.segments[2], at: $0.batches(2)[0].lowerBound)
    },
    FileDamage("a batch of a later version", .refused(.newerFormat)) {
      $0.editHeader($0.segments[1], $0.batches(1)[0], at: 4, to: 2)
    },
    FileDamage("a last batch of a later version", .refused(.newerFormat), isWitnessed: false) {
      $0.editHeader($0.segments[2], $0.batches(2).last!, at: 4, to: 2)
    },
  ]

  static let edited: [FileDamage] = [
    FileDamage("FORMAT edited, its checksum made to fit", .refused(.notAuthentic)) {
      $0.edit("FORMAT", at: 24, to: 0x77)
    },
    FileDamage("a segment header edited, its checksum made to fit", .refused(.notAuthentic)) {
      $0.edit($0.segments[1], at: 40, to: 0x77)
    },
    FileDamage("the witness edited, its checksum made to fit", .refused(.notAuthentic)) {
      $0.edit("witness", at: 48, to: 0x77)
    },
    FileDamage("a batch header edited, its checksum made to fit", .refused(.notAuthentic)) {
      $0.editHeader($0.segments[1], $0.batches(1)[0], at: 33, to: 0x77)
    },
    FileDamage("a batch's text edited, its checksums made to fit", .refused(.notAuthentic)) {
      $0.editText($0.segments[1], $0.batches(1)[0])
    },
    FileDamage(
      "the last batch's text edited, not witnessed", .refused(.notAuthentic), isWitnessed: false
    ) {
      $0.editText($0.segments[2], $0.batches(2).last!)
    },
    FileDamage("the last batch called a seal", .refused(.notAuthentic), isWitnessed: false) {
      $0.editHeader($0.segments[2], $0.batches(2).last!, at: 6, to: 1)
    },
  ]
}
