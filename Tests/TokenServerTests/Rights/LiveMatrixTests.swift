import TestSupport
import Testing
import TokenWire

@testable import TokenServer

/// The same matrix asked of a running daemon: every cell down to the rules' own answer.
@Suite(.serialized) struct LiveMatrixTests {
  @Test("every operation of a person × 31 right sets × 5 columns is answered as the schema says")
  func actingCells() throws {
    let world = try MatrixWorld()
    var cells = 0
    for operation in ProtocolSchema.shared.operations {
      guard let acting = operation.acting else { continue }
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      for bits in UInt32(1)..<32 {
        for column in MatrixWorld.Column.allCases {
          guard let cell = acting[column.rawValue], !cell.isEmpty else { continue }
          let isDenied = RightsMatrixTests.mustBeDenied(operation, bits, column.acting)
          let wanted = isDenied ? "DENIED" : cell == "ok" ? "OK" : cell
          let connection = try #require(world.connections[bits])
          let body = try world.body(opcode, column, isSpent: operation.isMutation && wanted == "OK")
          let reply = try connection.exchange(opcode.rawValue, body)
          #expect(
            Status(rawValue: reply.status)?.name == wanted,
            "\(operation.name), rights \(RightSet(rawValue: bits).names), \(column)")
          cells += 1
        }
      }
    }
    #expect(cells > 2_000)
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("every other operation × 31 right sets is DENIED exactly where the schema says")
  func plainCells() throws {
    let world = try MatrixWorld()
    for operation in ProtocolSchema.shared.operations
    where operation.acting == nil && operation.name != "HELLO" {
      let vector = try #require(GoldenFrame.typical[operation.opcode])
      for bits in UInt32(1)..<32 {
        let connection = try #require(world.connections[bits])
        let reply = try connection.exchange(operation.opcode, vector.body)
        let mustBeDenied = RightsMatrixTests.mustBeDenied(operation, bits, nil)
        let isDenied = reply.status == Status.denied.rawValue
        #expect(
          isDenied == mustBeDenied,
          "\(operation.name), rights \(RightSet(rawValue: bits).names)")
      }
    }
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("DENIED comes before the body is looked at: garbage is DENIED too, and only then MALFORMED")
  func beforeBody() throws {
    let world = try MatrixWorld()
    let garbage = Array(repeating: UInt8(0xFF), count: 40)
    for operation in ProtocolSchema.shared.operations where operation.rights != 0 {
      for bits in UInt32(1)..<32 where operation.rights & bits == 0 {
        let connection = try #require(world.connections[bits])
        let reply = try connection.exchange(operation.opcode, garbage)
        #expect(
          reply.status == Status.denied.rawValue,
          "\(operation.name), rights \(RightSet(rawValue: bits).names)")
      }
      let isBad = BodyWalk(garbage, of: operation).fault != nil
      let allowed = try ServiceConnection(world.daemon.adminPath)
      let reply = try allowed.exchange(operation.opcode, garbage)
      #expect((reply.status == Status.malformed.rawValue) == isBad, "\(operation.name)")
    }
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("HELLO tells the rights of the socket, whoever asks")
  func helloRights() throws {
    let world = try MatrixWorld()
    for (bits, connection) in world.connections { #expect(connection.hello.rights == bits) }
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("a disabled person is USER_DISABLED in every operation, administrator or not")
  func disabledPerson() throws {
    let world = try MatrixWorld()
    try world.admin.call(UserDisableRequest(user: "eve"))
    for operation in ProtocolSchema.shared.operations where operation.acting != nil {
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      for isAdmin in [false, true] {
        let acting = Acting.session("eve", systemAdmin: isAdmin)
        let body = try world.body(opcode, .systemAdmin, acting: acting)
        let reply = try world.admin.exchange(opcode.rawValue, body)
        #expect(Status(rawValue: reply.status) == .userDisabled, "\(operation.name)")
      }
    }
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("a session or OAuth person without a user id, or with a bad one, is INVALID_FIELD")
  func badPerson() throws {
    let world = try MatrixWorld()
    for operation in ProtocolSchema.shared.operations where operation.acting != nil {
      let opcode = try #require(Opcode(rawValue: operation.opcode))
      for user in ["", "a b", "ä", String(repeating: "x", count: 129)] {
        for login in [Acting.Login.session, .oauthToken] {
          let acting = Acting(user: user, systemAdmin: false, login: login)
          let body = try world.body(opcode, .systemAdmin, acting: acting)
          let reply = try world.admin.exchange(opcode.rawValue, body)
          #expect(
            Status(rawValue: reply.status) == .invalidField,
            "\(operation.name), \(login) \"\(user)\"")
        }
      }
    }
    #expect(try world.daemon.stop() == .exited(0))
  }

  @Test("an OAuth person who is said to be an administrator is PERSON_LOGIN_REFUSED all the same")
  func oauthAdministrator() throws {
    let world = try MatrixWorld()
    let acting = Acting(user: "ann", systemAdmin: true, login: .oauthToken)
    // `front` alone: whatever systemAdmin says, nothing more is asked for.
    for bits in [RightSet.front, [.front, .frontAdmin]] as [RightSet] {
      let connection = try #require(world.connections[bits.rawValue])
      for operation in ProtocolSchema.shared.operations where operation.acting != nil {
        guard operation.rights & bits.rawValue != 0 else { continue }
        let opcode = try #require(Opcode(rawValue: operation.opcode))
        let body = try world.body(opcode, .oauthToken, acting: acting)
        let reply = try connection.exchange(opcode.rawValue, body)
        let wanted: Status = opcode == .appInfo ? .ok : .personLoginRefused
        #expect(Status(rawValue: reply.status) == wanted, "\(operation.name), \(bits.names)")
      }
    }
    #expect(try world.daemon.stop() == .exited(0))
  }
}
