/// One element of a VALIDATE reply in verdict form: fixed eight bytes.
public struct VerdictElement: Equatable, Sendable {
  /// `Verdict`, raw: a later server may know more of them. Anything but 0 refuses.
  public var verdict: UInt8
  /// Seconds until the token expires; 0 unless VALID.
  public var expiresInSeconds: UInt32

  public init(verdict: UInt8, expiresInSeconds: UInt32) {
    self.verdict = verdict
    self.expiresInSeconds = expiresInSeconds
  }
}

/// One element of a VALIDATE reply in identity form. Everything is 0 or empty unless VALID.
public struct Identity: WireFields {
  /// For whom the token acts; `none` where it is not VALID. The meanings of `subjectKind`.
  public enum SubjectKind: UInt8, Sendable {
    case none = 0
    /// The token acts for a person; `subject` is the user id.
    case user = 1
    /// The token acts for the client itself; there is no subject.
    case client = 2
  }

  /// Override bits: the app may post under another username, with another icon.
  public static let usernameOverride: UInt8 = 1
  public static let iconOverride: UInt8 = 2

  /// `Verdict`, raw. Anything but 0 refuses.
  public var verdict: UInt8
  /// `SubjectKind`, raw.
  public var subjectKind: UInt8
  public var overrides: UInt8
  /// Unix milliseconds.
  public var expiresAt: UInt64
  public var subject: [UInt8]
  public var clientId: [UInt8]
  public var scope: [UInt8]
  public var audience: [UInt8]

  public init(
    verdict: UInt8, subjectKind: UInt8 = 0, overrides: UInt8 = 0, expiresAt: UInt64 = 0,
    subject: [UInt8] = [], clientId: [UInt8] = [], scope: [UInt8] = [], audience: [UInt8] = []
  ) {
    self.verdict = verdict
    self.subjectKind = subjectKind
    self.overrides = overrides
    self.expiresAt = expiresAt
    self.subject = subject
    self.clientId = clientId
    self.scope = scope
    self.audience = audience
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    verdict = try reader.u8("verdict")
    subjectKind = try reader.u8("subjectKind")
    overrides = try reader.u8("overrides")
    _ = try reader.u8("reserved")
    expiresAt = try reader.u64("expiresAt")
    subject = try reader.text("subject")
    clientId = try reader.text("clientId")
    scope = try reader.text("scope")
    audience = try reader.text("audience")
  }

  public func write(to writer: inout WireWriter) {
    writer.u8(verdict)
    writer.u8(subjectKind)
    writer.u8(overrides)
    writer.u8(0)
    writer.u64(expiresAt)
    writer.text(subject, "subject")
    writer.text(clientId, "clientId")
    writer.text(scope, "scope")
    writer.text(audience, "audience")
  }
}
