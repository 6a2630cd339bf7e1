/// Unix milliseconds as `2026-11-24T14:22:49Z` (proleptic Gregorian, UTC); whole seconds.
func timeText(millis: UInt64) -> String {
  let seconds = millis / 1_000
  let (year, month, day) = civilDate(daysSince1970: Int64(seconds / 86_400))
  let inDay = seconds % 86_400
  func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let yearText = String(year)
  let padded = String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText
  return "\(padded)-\(two(month))-\(two(day))T"
    + "\(two(inDay / 3_600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))Z"
}

/// Howard Hinnant's algorithm: eras of 400 years that begin on 1 March.
func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/// Days from 1970-01-01 to a date of 1970 or later.
func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
  let shiftedYear = month <= 2 ? year - 1 : year
  let era = shiftedYear / 400
  let yearOfEra = shiftedYear - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/// `30d`, `1h 30m`, `45s`: the two largest units.
func durationText(seconds: UInt64) -> String {
  var (rest, parts) = (seconds, [String]())
  for (size, unit) in [(86_400 as UInt64, "d"), (3_600, "h"), (60, "m"), (1, "s")] {
    if rest >= size { parts.append("\(rest / size)\(unit)") }
    rest %= size
  }
  return parts.isEmpty ? "0s" : parts.prefix(2).joined(separator: " ")
}
