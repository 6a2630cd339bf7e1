import TokenStorage

// Whole files: missing, cut, exchanged, of another journal or time.

extension FileDamage {
  static let missing: [FileDamage] = [
    FileDamage("first segment missing", .refused(.damaged)) { $0.files[$0.segments[0]] = nil },
    FileDamage("middle segment missing", .refused(.damaged)) { $0.files[$0.segments[1]] = nil },
    FileDamage("last segment missing", .refused(.damaged)) { $0.files[$0.segments[2]] = nil },
    FileDamage(
      "last segment missing, the witness not yet up to date", .refused(.damaged), isWitnessed: false
    ) {
      $0.files[$0.segments[2]] = nil
    },
    FileDamage("the last two segments missing", .refused(.damaged)) {
      $0.files[$0.segments[1]] = nil
      $0.files[$0.segments[2]] = nil
    },
    FileDamage("all segments missing", .refused(.damaged)) { sample in
      for name in sample.segments { sample.files[name] = nil }
    },
    FileDamage("witness missing", .refused(.damaged)) { $0.files["witness"] = nil },
    FileDamage("FORMAT missing", .refused(.damaged)) { $0.files["FORMAT"] = nil },
    FileDamage("FORMAT and all segments missing", .refused(.damaged)) { sample in
      for name in sample.segments + ["FORMAT"] { sample.files[name] = nil }
    },
    FileDamage("FORMAT and the witness missing", .refused(.damaged)) {
      $0.files["FORMAT"] = nil
      $0.files["witness"] = nil
    },
    FileDamage("a segment renamed to a name that is not a segment's", .refused(.damaged)) {
      $0.files["old"] = $0.files.removeValue(forKey: $0.segments[1])
    },
  ]

  static let cut: [FileDamage] = [
    FileDamage("first segment empty", .refused(.damaged)) { $0.files[$0.segments[0]] = [] },
    FileDamage("middle segment empty", .refused(.damaged)) { $0.files[$0.segments[1]] = [] },
    FileDamage("last segment empty", .refused(.damaged)) { $0.files[$0.segments[2]] = [] },
    FileDamage("first segment cut in half", .refused(.damaged)) {
      $0.cut($0.segments[0], to: 12_288)
    },
    FileDamage("last segment cut in its last batch", .refused(.damaged)) {
      $0.cut($0.segments[2], to: $0.batches(2).last!.lowerBound + 700)
    },
    FileDamage("last segment cut in the zeros", .refused(.damaged)) {
      $0.cut($0.segments[2], to: $0.batches(2).last!.upperBound)
    },
    FileDamage("last segment a byte short", .refused(.damaged)) {
      $0.cut($0.segments[2], to: $0.files[$0.segments[2]]!.count - 1)
    },
    FileDamage("FORMAT empty", .refused(.damaged)) { $0.files["FORMAT"] = [] },
    FileDamage("FORMAT cut", .refused(.damaged)) { $0.cut("FORMAT", to: 100) },
    FileDamage("witness empty", .refused(.damaged)) { $0.files["witness"] = [] },
  ]

  static let exchanged: [FileDamage] = [
    FileDamage("first and middle segment swapped", .refused(.damaged)) { sample in
      let first = sample.files[sample.segments[0]]
      sample.files[sample.segments[0]] = sample.files[sample.segments[1]]
      sample.files[sample.segments[1]] = first
    },
    FileDamage("middle and last segment swapped", .refused(.damaged)) { sample in
      let last = sample.files[sample.segments[2]]
      sample.files[sample.segments[2]] = sample.files[sample.segments[1]]
      sample.files[sample.segments[1]] = last
    },
    FileDamage("a segment copied under a second name", .refused(.damaged)) {
      $0.files["seg-00000000000000ff-00000000.j"] = $0.files[$0.segments[1]]
    },
    FileDamage("a segment copied as x.j", .refused(.damaged)) {
      $0.files["x.j"] = $0.files[$0.segments[1]]
    },
    FileDamage("the last segment renamed", .refused(.damaged)) {
      $0.files["seg-ffffffffffffffff-00000000.j"] = $0.files.removeValue(forKey: $0.segments[2])
    },
    FileDamage("a segment of another journal added", .refused(.damaged)) { sample in
      let other = try JournalSample(seed: 77)
      sample.files[other.segments[2]] = other.files[other.segments[2]]
    },
    FileDamage("a segment of another journal in the place of one", .refused(.damaged)) { sample in
      let other = try JournalSample(seed: 77)
      sample.files[sample.segments[1]] = other.files[other.segments[1]]
    },
    FileDamage("FORMAT of another journal", .refused(.damaged)) {
      $0.files["FORMAT"] = try JournalSample(seed: 77).files["FORMAT"]
    },
    FileDamage("witness of another journal", .refused(.damaged)) {
      $0.files["witness"] = try JournalSample(seed: 77).files["witness"]
    },
    FileDamage("the last segment as it was one batch before", .refused(.damaged)) {
      $0.zero($0.batches(2).last!, of: $0.segments[2])
    },
    FileDamage("the middle segment as it was one batch before", .refused(.damaged)) {
      $0.zero($0.batches(1).last!, of: $0.segments[1])
    },
    FileDamage("reserve.j that is no reserve", .refused(.damaged)) {
      $0.files["reserve.j"] = [UInt8](repeating: 0x5A, count: 16_384)
    },
    FileDamage("a segment in the place of the reserve", .refused(.damaged)) {
      $0.files["reserve.j"] = $0.files[$0.segments[1]]
    },
    FileDamage("a batch instead of the witness", .refused(.damaged)) {
      $0.files["witness"] = $0.bytes($0.batches(1)[0], of: $0.segments[1])
    },
  ]

  static let harmless: [FileDamage] = [
    FileDamage("a file that is not the journal's", .same) { $0.files["README"] = [1, 2, 3] },
    FileDamage("a stray .tmp", .same) {
      $0.files["prepared.tmp"] = [UInt8](repeating: 9, count: 5_000)
    },
    FileDamage("one slot of the witness damaged", .same) { $0.put([1, 2], in: "witness", at: 50) },
    FileDamage("the other slot of the witness damaged", .same) {
      $0.put([1, 2], in: "witness", at: 4_096 + 50)
    },
    FileDamage("an unused reserve", .same) {
      $0.files["reserve.j"] = [UInt8](repeating: 0, count: 16_384)
    },
    FileDamage("a reserve whose first use was cut short", .same) {
      $0.files["reserve.j"] = [1, 2, 3] + [UInt8](repeating: 0, count: 16_381)
    },
    FileDamage("padding that is not zero", .same) {
      $0.put([7], in: $0.segments[1], at: $0.batches(1)[0].upperBound - 1)
    },
    FileDamage("garbage after the last batch", .same) {
      $0.put([7, 7, 7], in: $0.segments[2], at: $0.batches(2).last!.upperBound + 600)
    },
    FileDamage("garbage after the seal", .same, isSealed: true) {
      $0.put([7, 7, 7], in: $0.segments[2], at: $0.batches(2).last!.upperBound + 600)
    },
  ]
}
