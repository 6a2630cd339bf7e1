/// A person known to the service: somebody who registered, authorized, was issued a token for, or
/// was disabled. Users are not created by hand; a row appears when something refers to it and is
/// reclaimed when nothing does and the user is not disabled.
public struct User: Equatable, Sendable {
  /// 1 to 128 bytes of 0x21...0x7E, compared byte for byte.
  public var id: [UInt8]
  public var isDisabled: Bool
  public var createdAtMillis: UInt64

  public init(id: [UInt8], isDisabled: Bool = false, createdAtMillis: UInt64) {
    self.id = id
    self.isDisabled = isDisabled
    self.createdAtMillis = createdAtMillis
  }
}
