/// The reply to VALIDATE: one element a token, in the order asked, in the form asked.
public enum ValidateReply: ReplyMessage {
  case verdicts([VerdictElement])
  case identities([Identity])

  /// Elements in the reply.
  public var count: Int {
    switch self {
    case .verdicts(let elements): elements.count
    case .identities(let elements): elements.count
    }
  }

  public init(parsing reader: inout WireReader) throws(WireFault) {
    switch try reader.enumeration(ValidateRequest.Form.self, "form") {
    case .verdict: self = .verdicts(try ValidateReply.verdicts(from: &reader))
    case .identity:
      self = .identities(
        try reader.list(
          Identity.self, "identities", max: WireLimits.validateTokens))
    }
  }

  private static func verdicts(
    from reader: inout WireReader
  ) throws(WireFault) -> [VerdictElement] {
    let count = try reader.count(
      "verdicts", max: WireLimits.validateTokens, minimumBytes: WireLimits.verdictBytes)
    var elements: [VerdictElement] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      let verdict = try reader.u8("verdict")
      _ = try reader.u8("reserved")
      _ = try reader.u16("reserved")
      elements.append(
        VerdictElement(
          verdict: verdict, expiresInSeconds: try reader.u32("expiresInSeconds")))
    }
    return elements
  }

  public func write(to writer: inout WireWriter) {
    switch self {
    case .verdicts(let elements):
      writer.beginValidateReply(.verdict, count: elements.count)
      for element in elements {
        writer.verdict(element.verdict, expiresInSeconds: element.expiresInSeconds)
      }
    case .identities(let elements):
      writer.u8(ValidateRequest.Form.identity.rawValue)
      writer.list(elements, "identities")
    }
  }
}

// The server writes its replies with these, element by element, without building the enum.
extension WireWriter {
  /// Begins the body: form and count. Exactly `count` elements have to follow. Reserves the room
  /// of a verdict-form reply at once.
  public mutating func beginValidateReply(_ form: ValidateRequest.Form, count: Int) {
    precondition(count <= WireLimits.validateTokens, "a reply has one element a token")
    reserve(3 + count * WireLimits.verdictBytes)
    u8(form.rawValue)
    u16(UInt16(truncatingIfNeeded: count))
  }

  /// One element of verdict form; `verdict` is raw.
  @inlinable
  public mutating func verdict(_ verdict: UInt8, expiresInSeconds: UInt32) {
    u64(UInt64(verdict) | UInt64(expiresInSeconds) << 32)
  }

  /// One element of identity form for a token that may not pass: everything zero or empty.
  public mutating func identity(refused verdict: Verdict) {
    u16(20)
    u64(UInt64(verdict.rawValue))
    for _ in 0..<3 { u32(0) }
  }

  /// One element of identity form for a token that passes. The texts are copied from where the
  /// caller keeps them; each is at most 65,535 bytes and UTF-8.
  public mutating func identity(
    valid subjectKind: Identity.SubjectKind, overrides: UInt8, expiresAt: UInt64,
    subject: UnsafeRawBufferPointer, clientId: UnsafeRawBufferPointer,
    scope: UnsafeRawBufferPointer, audience: UnsafeRawBufferPointer
  ) {
    // The group's size and fixed fields, and the sizes of the texts: one look at the room for all.
    reserve(22 + subject.count + clientId.count + scope.count + audience.count)
    let group = beginGroup("identities")
    u32(UInt32(subjectKind.rawValue) << 8 | UInt32(overrides) << 16)
    u64(expiresAt)
    unsafe bytes(subject, "subject")
    unsafe bytes(clientId, "clientId")
    unsafe bytes(scope, "scope")
    unsafe bytes(audience, "audience")
    endGroup(group)
  }
}
