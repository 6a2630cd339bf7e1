import Testing

@testable import signetbench

@Suite struct WorkloadTests {
  private func request(_ arguments: [String]) throws -> RunRequest {
    try RunRequest(ParsedOptions(["--socket", "s"] + arguments, of: .run))
  }

  @Test func theDefaultsAreOneConnectionForFiveSeconds() throws {
    let request = try request(["--target", "signet", "--tokens", "t"])
    #expect(request.plan == RunPlan())
    #expect(request.wantsIdentity && request.workload == .validate)
  }

  @Test func aCountTakesThePlaceOfTheTimeAndOfTheWarmUp() throws {
    let request = try request(["--target", "echo", "--tokens", "t", "--count", "10"])
    #expect(request.plan.measuredNanos == nil && request.plan.warmupNanos == 0)
  }

  @Test(arguments: [
    ["--target", "signet"], ["--target", "redis", "--workload", "mixed", "--tokens", "t"],
    ["--target", "echo", "--workload", "issue", "--tokens", "t"],
    ["--target", "signet", "--workload", "issue", "--batch", "129"],
    ["--target", "signet", "--tokens", "t", "--revoked", "60", "--forged", "41"],
    ["--target", "signet", "--tokens", "t", "--seconds", "0"],
    ["--target", "signet", "--tokens", "t", "--depth", "0"],
    ["--target", "signet", "--tokens", "t", "--reply", "full"],
    ["--target", "postgres", "--tokens", "t"],
    ["--target", "signet", "--workload", "revoke", "--tokens", "t", "--batch", "2"],
  ])
  func requestsThatCannotBeRunAreUsageErrors(_ arguments: [String]) {
    #expect {
      _ = try request(arguments)
    } throws: {
      ($0 as? BenchError)?.exitCode == .usage
    }
  }

  @Test(arguments: [(1, 1), (1_000, 100), (1_000, 1_000), (1_000, 7), (500, 1), (129, 128)])
  func grantsShareTheTokensEvenly(_ tokens: Int, _ grants: Int) {
    var owners = GrantOwners(tokens: tokens, grants: grants)
    var perUser: [UInt32: Int] = [:]
    while true {
      let frame = owners.nextFrame()
      if frame.isEmpty { break }
      #expect(frame.reduce(0) { $0 + $1.count } <= GrantOwners.frameTokens)
      for owner in frame { perUser[owner.user, default: 0] += owner.count }
    }
    #expect(perUser.count == grants && perUser.values.reduce(0, +) == tokens)
    #expect((perUser.values.max() ?? 0) - (perUser.values.min() ?? 0) <= 1)
  }

  @Test func answersInOrderBelongToSlotsInTurn() {
    var replies = OrderedReplies(LoadShape(connections: 2, depth: 3, batch: 1))
    let slots = (0..<4).map { _ in
      if case .reply(let reply) = replies.take(1, 1, isRight: true) { reply.slot } else { -1 }
    }
    #expect(slots == [0, 1, 2, 0])
  }

  @Test func userNamesAreSevenDigits() {
    #expect(UserName.bytes(0) == Array("u0000000".utf8))
    #expect(UserName.bytes(1_234_567) == Array("u1234567".utf8))
  }

  @Test(
    arguments: [
      (0, "0.000"), (1.5, "1.500"), (-0.25, "-0.250"), (1_234_567.8901, "1234567.890"),
      (.nan, "0"),
    ] as [(Double, String)])
  func decimalsAreNeverScientific(_ value: Double, _ text: String) {
    #expect(decimal(value) == text)
  }

  @Test func jsonIsOneObjectInOrder() {
    var object = JSONText()
    object.add("a", 1)
    object.open("b")
    object.add("c", nil as Double?)
    object.close()
    object.add("d", "x\"\\")
    #expect(
      object.text
        == "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": null\n  },\n  \"d\": \"x\\\"\\\\\"\n}\n")
  }
}
