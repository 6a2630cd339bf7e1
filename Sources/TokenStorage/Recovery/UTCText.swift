/// Unix milliseconds as `2026-11-24T14:22:49.250Z` (proleptic Gregorian, UTC), for messages.
func utcText(_ millis: UInt64) -> String {
  let seconds = millis / 1_000
  let (year, month, day) = civil(days: seconds / 86_400)
  let time = seconds % 86_400
  return digits(year, 4) + "-" + digits(month, 2) + "-" + digits(day, 2) + "T"
    + digits(time / 3_600, 2) + ":" + digits(time / 60 % 60, 2) + ":" + digits(time % 60, 2) + "."
    + digits(millis % 1_000, 3) + "Z"
}

/// The date of a day since 1970-01-01, counted in eras of 400 years that begin in March.
private func civil(days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
  let shifted = days + 719_468
  let dayOfEra = shifted % 146_097
  let yearOfEra =
    (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
  return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
}

private func digits(_ value: UInt64, _ count: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
}
