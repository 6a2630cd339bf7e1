/// How many rounds a race test plays; each is its seed.
enum RaceRounds {
  #if DEBUG
    static let count: UInt64 = 400
  #else
    static let count: UInt64 = 100_000
  #endif
  /// A new service after so many, so that one state sees many rounds and memory stays small.
  static let perFixture: UInt64 = 250
}
