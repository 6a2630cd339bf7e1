/// The grant types an app may use, as bits (`grants` of apps, registrations and metadata).
public struct GrantTypes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16

  public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let authorizationCode = GrantTypes(rawValue: 1)
  public static let refreshToken = GrantTypes(rawValue: 2)
  public static let clientCredentials = GrantTypes(rawValue: 4)
  public static let implicit = GrantTypes(rawValue: 8)

  /// What `grants` 0 stands for in a registration.
  public static let standard: GrantTypes = [.authorizationCode, .refreshToken]
  /// Every bit of this version.
  public static let all: GrantTypes = [
    .authorizationCode, .refreshToken, .clientCredentials, .implicit,
  ]

  /// The single grant types in bit order with their names in RFC 6749 and RFC 7591.
  public static let named: [(grant: GrantTypes, name: String)] = [
    (.authorizationCode, "authorization_code"), (.refreshToken, "refresh_token"),
    (.clientCredentials, "client_credentials"), (.implicit, "implicit"),
  ]
}
