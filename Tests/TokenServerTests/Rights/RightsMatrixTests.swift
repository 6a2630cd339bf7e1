import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// Every cell of operation × right set × acting person, as functions: what the loop and the
/// dispatcher ask before anything reaches the lane.
@Suite struct RightsMatrixTests {
  static let logins: [(name: String, acting: Acting)] = [
    ("local", .local),
    ("local, said to be administrator", Acting(user: "", systemAdmin: true, login: .local)),
    ("session", .session("ann")),
    ("session, administrator", .session("ann", systemAdmin: true)),
    ("oauthToken", Acting(user: "ann", systemAdmin: false, login: .oauthToken)),
    ("oauthToken, administrator", Acting(user: "ann", systemAdmin: true, login: .oauthToken)),
  ]

  @Test("45 operations × 32 right sets × 6 persons are denied exactly where the schema says")
  func everyCell() throws {
    let operations = ProtocolSchema.shared.operations
    #expect(operations.count == Opcode.allCases.count)
    var cells = 0
    for operation in operations {
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      for bits in UInt32(0)..<32 {
        for (name, acting) in Self.logins {
          let person = operation.acting == nil ? nil : acting
          let isDenied = Self.isDenied(opcode, RightSet(rawValue: bits), person)
          let wanted = Self.mustBeDenied(operation, bits, person)
          #expect(isDenied == wanted, "\(operation.name), rights \(bits), \(name)")
          cells += 1
        }
      }
    }
    #expect(cells == 45 * 32 * 6)
  }

  @Test("the operations that the schema says act are those whose requests speak for somebody")
  func actingOperations() throws {
    for operation in ProtocolSchema.shared.operations where operation.isLane {
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      if opcode == .barrier { continue }
      let vector = try #require(GoldenFrame.typical[operation.opcode])
      let body = vector.body
      let bytes = unsafe body.span.bytes
      let call = try CallDecoder.decode(opcode, bytes)
      #expect((call.speaksFor != nil) == (operation.acting != nil), "\(operation.name)")
    }
  }

  /// As the server decides: the opcode's rights, then the right to speak for this person.
  static func isDenied(_ opcode: Opcode, _ rights: RightSet, _ acting: Acting?) -> Bool {
    guard opcode.isAllowed(with: rights) else { return true }
    guard let acting else { return false }
    return ActingCheck.missingRight(acting, rights) != nil
  }

  /// As the protocol's page on rights says.
  static func mustBeDenied(
    _ operation: ProtocolSchema.Operation, _ rights: UInt32, _ acting: Acting?
  ) -> Bool {
    if operation.rights != 0 && operation.rights & rights == 0 { return true }
    guard let acting else { return false }
    let bits = ProtocolSchema.shared.rightBits
    func has(_ name: String) -> Bool { rights & (bits[name] ?? 0) != 0 }
    switch acting.login {
    case .local: return !has("admin")
    case .session: return !has("front") || (acting.systemAdmin && !has("front-admin"))
    // An OAuth token is refused for what it is, whatever it says of the person.
    case .oauthToken: return !has("front")
    }
  }
}
