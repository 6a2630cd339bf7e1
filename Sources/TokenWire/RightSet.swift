/// What a connection may do: the rights of its listening socket, cut to what the configuration
/// gives the peer's uid. The raw value is the `rights` field of the HELLO reply.
public struct RightSet: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// VALIDATE and INTROSPECT with reasons.
  public static let validate = RightSet(rawValue: 1)
  /// Operations for a stated person or an authenticated client.
  public static let front = RightSet(rawValue: 2)
  /// May state that a person is a system administrator; includes no other right.
  public static let frontAdmin = RightSet(rawValue: 4)
  /// Mint tokens without consent.
  public static let issue = RightSet(rawValue: 8)
  /// Settings, keys, users, snapshots, mass revocation; administration without a person.
  public static let admin = RightSet(rawValue: 16)
  /// Every right of this version.
  public static let all: RightSet = [.validate, .front, .frontAdmin, .issue, .admin]

  /// The single rights in bit order with their names in configuration files and messages.
  public static let named: [(right: RightSet, name: String)] = [
    (.validate, "validate"), (.front, "front"), (.frontAdmin, "front-admin"),
    (.issue, "issue"), (.admin, "admin"),
  ]

  /// The right called `name` in configuration (UTF-8 bytes, exact), or nil.
  public init?(name: some Sequence<UInt8>) {
    for entry in RightSet.named where entry.name.utf8.elementsEqual(name) {
      self = entry.right
      return
    }
    return nil
  }

  /// Names of the rights held, in bit order, comma separated; "none" when empty.
  public var names: String {
    let held = RightSet.named.filter { contains($0.right) }.map(\.name)
    return held.isEmpty ? "none" : held.joined(separator: ",")
  }
}
