import Testing

@testable import TokenWire

/// Every list count that the codec bounds, at 0, 1, its limit, one more, and the largest number.
@Suite struct CountLimitTests {
  private let many = [[UInt8]](repeating: [], count: 65)
  private let acting = Acting(user: "u", systemAdmin: false, login: .session)

  /// `make(n)` encodes a body with n elements; `decode` has to accept exactly `accepted`.
  private func check<T: WireFields>(
    _ field: String, accepted: ClosedRange<Int>, _ make: (Int) -> T
  ) throws {
    for count in [0, 1, accepted.upperBound, accepted.upperBound + 1] {
      let body = try make(count).encodedBody()
      if accepted.contains(count) {
        #expect(throws: Never.self) { try T(body: body) }
      } else {
        #expect(throws: WireFault(.countOutsideLimits, field)) { try T(body: body) }
      }
    }
  }

  private func fields(callbacks: Int, audiences: Int) -> AppFields {
    AppFields(
      name: [], description: [], homepage: [], iconUrl: [],
      callbacks: Array(many[..<callbacks]), trusted: false, isPublic: false, grants: 0,
      audiences: Array(many[..<audiences]), scopes: [])
  }

  @Test func issueTakesOneToOneHundredTwentyEightItems() throws {
    let item = IssueItem(
      clientId: [], user: [], scope: [], audience: [], lifetimeSeconds: 0, withRefresh: false,
      count: 1)
    try check("items", accepted: 1...128) {
      IssueRequest(items: Array(repeating: item, count: $0))
    }
  }

  @Test func appsTakeSixtyFourCallbacksAndAudiencesBeforeTheRulesLook() throws {
    try check("fields.callbacks", accepted: 0...64) {
      AppRegisterRequest(acting: acting, fields: fields(callbacks: $0, audiences: 0))
    }
    try check("fields.audiences", accepted: 0...64) {
      AppRegisterRequest(acting: acting, fields: fields(callbacks: 0, audiences: $0))
    }
    try check("redirectUris", accepted: 0...64) {
      AppRegisterDynamicRequest(
        redirectUris: Array(many[..<$0]), authMethod: [], clientName: [], clientUri: [], scope: [])
    }
  }

  @Test func settingsTakeSixtyFour() throws {
    let entry = SettingEntry(name: "a", value: "b")
    try check("settings", accepted: 0...64) {
      SettingsSetRequest(acting: acting, settings: Array(repeating: entry, count: $0))
    }
  }

  @Test func repliesAreBoundedToo() throws {
    let key = KeyEntry(keyId: 1, state: 1, createdAt: 0, liveTokens: 0)
    try check("keys", accepted: 0...256) {
      KeysListReply(position: 0, keys: Array(repeating: key, count: $0))
    }
    let body: [UInt8] = [0, 1, 2] + [UInt8](repeating: 0, count: 513 * 8)
    #expect(try ValidateReply(body: [0, 0, 2] + body[3...]).count == 512)
    #expect(throws: WireFault(.countOutsideLimits, "verdicts")) {
      _ = try ValidateReply(body: body).count
    }
  }

  @Test func theLargestCountIsRefusedWithoutReadingOn() throws {
    let empty = AppRegisterDynamicRequest(
      redirectUris: [], authMethod: [], clientName: [], clientUri: [], scope: [])
    var body = try empty.encodedBody()
    body[16] = 0xFF
    body[17] = 0xFF
    #expect(throws: WireFault(.countOutsideLimits, "redirectUris")) {
      try AppRegisterDynamicRequest(body: body)
    }
  }

  @Test(arguments: [0, 1, 1_024, 1_025, 65_535])
  func pingEchoIsBounded(count: Int) throws {
    let body = try PingRequest(echo: [UInt8](repeating: 0xFF, count: count)).encodedBody()
    if count <= 1_024 {
      #expect(try PingRequest(body: body).echo.count == count)
    } else {
      #expect(throws: WireFault(.lengthAboveLimit, "echo")) { try PingRequest(body: body) }
    }
  }
}

@Suite struct HelloTests {
  private func hello(
    min: UInt16 = 1, max: UInt16 = 1, frame: UInt32 = 0, name: Int = 4
  ) throws -> [UInt8] {
    try HelloRequest(
      minVersion: min, maxVersion: max, maxFrame: frame, maxInFlight: 0, features: 0,
      clientName: [UInt8](repeating: 0x61, count: name)
    ).encodedBody()
  }

  @Test func wishesOfZeroAndAboveTheSmallestFrameAreAccepted() throws {
    for frame in [0, 1_024, 65_536, .max] as [UInt32] {
      #expect(try HelloRequest(body: hello(frame: frame)).maxFrame == frame)
    }
    #expect(try HelloRequest(body: hello(max: 9)).maxVersion == 9)
    #expect(try HelloRequest(body: hello(min: 2, max: 3)).minVersion == 2)
  }

  @Test func nonsenseIsAFault() {
    for frame in [1, 1_023] as [UInt32] {
      #expect(throws: WireFault(.invalidValue, "maxFrame")) {
        try HelloRequest(body: hello(frame: frame))
      }
    }
    #expect(throws: WireFault(.invalidValue, "maxVersion")) {
      try HelloRequest(body: hello(min: 2, max: 1))
    }
    #expect(throws: Never.self) { try HelloRequest(body: hello(name: 128)) }
    #expect(throws: WireFault(.lengthAboveLimit, "clientName")) {
      try HelloRequest(body: hello(name: 129))
    }
  }

  @Test func enumerationsOutsideThisVersionAreFaults() throws {
    let acting = Acting(user: "u", systemAdmin: true, login: .oauthToken)
    var body = try AppInfoRequest(acting: acting, clientId: "c").encodedBody()
    body[6] = 3
    #expect(throws: WireFault(.invalidValue, "acting.login")) { try AppInfoRequest(body: body) }
    var revoke = try RevokeUserRequest(user: "u", reason: .userDeleted).encodedBody()
    revoke[revoke.count - 1] = 3
    #expect(throws: WireFault(.invalidValue, "reason")) { try RevokeUserRequest(body: revoke) }
    let auth = ClientAuth(clientId: "c", clientSecret: "", method: .body)
    var client = try auth.encodedBody()
    client[client.count - 1] = 3
    #expect(throws: WireFault(.invalidValue, "method")) { try ClientAuth(body: client) }
  }
}
