/// The settings that every validation shows, in one word: whether the provider is on, and whether
/// apps may override the username and the icon of what they post (F3).
///
/// Bits that have no name here are kept as they are. Zero, as on a fresh data directory, is off.
public struct ProviderSwitch: OptionSet, Sendable, BitwiseCopyable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public static let on = ProviderSwitch(rawValue: 1)
  public static let usernameOverride = ProviderSwitch(rawValue: 2)
  public static let iconOverride = ProviderSwitch(rawValue: 4)
}
