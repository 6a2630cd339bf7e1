/// On whose behalf a person operation is asked for, and how that person logged in.
public struct Acting: WireFields {
  /// How the person was authenticated. Other numbers are MALFORMED.
  public enum Login: UInt8, Sendable, CaseIterable {
    /// Local administration; the caller needs `admin`. `user` may be empty.
    case local = 0
    /// A person with a session at the caller, who needs `front`.
    case session = 1
    /// A person known by an OAuth token only: may not change or list credentials.
    case oauthToken = 2
  }

  /// Local administration, without a person.
  public static let local = Acting(user: [], systemAdmin: false, login: .local)

  /// User id; empty only with `local`.
  public var user: [UInt8]
  /// The caller vouches that the person is a system administrator; needs `front-admin`.
  public var systemAdmin: Bool
  public var login: Login

  public init(user: [UInt8], systemAdmin: Bool, login: Login) {
    self.user = user
    self.systemAdmin = systemAdmin
    self.login = login
  }

  /// The same from strings.
  public init(user: String, systemAdmin: Bool, login: Login) {
    self.init(
      user: Array(user.utf8), systemAdmin: systemAdmin, login: login)
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    user = try reader.text("user")
    systemAdmin = try reader.bool("systemAdmin")
    login = try reader.enumeration(Login.self, "login")
  }

  public func write(to writer: inout WireWriter) {
    writer.text(user, "user")
    writer.bool(systemAdmin)
    writer.u8(login.rawValue)
  }
}
