/// A day of the Gregorian calendar, UTC.
struct CalendarDate {
  let year: Int
  let month: Int
  let day: Int

  /// The day in which a time lies. Counts in years that begin in March, so that the day that comes
  /// and goes is the last one.
  init(unixMillis: UInt64) {
    let days = Int(unixMillis / 86_400_000) + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-11-24`.
  var text: [UInt8] {
    Array("\(year)-\(Self.padded(month))-\(Self.padded(day))".utf8)
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
