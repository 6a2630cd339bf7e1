import Testing

@testable import TokenWire

@Suite struct OpcodeTests {
  @Test func namesAreUniqueAndUpperCase() {
    let names = Opcode.allCases.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.utf8.allSatisfy { (65...90).contains($0) || $0 == 95 } })
    #expect(Opcode.allCases.allSatisfy { $0.rawValue < Opcode.firstPush })
    #expect(Opcode.allCases.count == 45)
  }

  @Test func mutationsAreLaneOperations() {
    for opcode in Opcode.allCases where opcode.isMutation { #expect(opcode.isLane) }
    let direct = Opcode.allCases.filter { !$0.isLane }
    #expect(direct == [.hello, .ping, .barrier, .validate])
    #expect(Opcode.allCases.count(where: \.isMutation) == 24)
  }

  @Test func connectionOperationsNeedNoRight() {
    for opcode in Opcode.allCases {
      let free = [.hello, .ping, .barrier].contains(opcode)
      #expect(opcode.isAllowed(with: []) == free, "\(opcode.name)")
      #expect(opcode.isAllowed(with: .all))
    }
  }

  @Test(arguments: RightSet.named.map(\.right.rawValue))
  func aRightOpensExactlyItsOperations(raw: UInt32) {
    let right = RightSet(rawValue: raw)
    let opened = Set(
      Opcode.allCases.filter { $0.isAllowed(with: right) && !$0.isAllowed(with: []) })
    switch right {
    case .validate: #expect(opened == [.validate, .introspect, .metadata])
    case .issue: #expect(opened == [.issue])
    case .frontAdmin: #expect(opened == [.settingsGet, .settingsSet])
    case .front:
      #expect(opened.count == 22)
      #expect(opened.isDisjoint(with: [.revoke, .issue, .settingsGet, .keysList, .introspect]))
    default:
      #expect(opened.count == 30)
      #expect(opened.isDisjoint(with: [.authorize, .exchange, .validate, .issue]))
    }
  }
}

@Suite struct RightSetTests {
  @Test func namesGoBothWays() {
    for (right, name) in RightSet.named {
      #expect(RightSet(name: Array(name.utf8)) == right)
      #expect(right.names == name)
    }
    #expect(RightSet(name: Array("Admin".utf8)) == nil)
    #expect(RightSet(name: Array("admi".utf8)) == nil)
    #expect(RightSet(name: []) == nil)
    #expect(RightSet.all.rawValue == 31)
    #expect(RightSet.all.names == "validate,front,front-admin,issue,admin")
    #expect(RightSet([]).names == "none")
  }
}
