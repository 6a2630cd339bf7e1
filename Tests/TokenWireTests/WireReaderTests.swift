import Testing

@testable import TokenWire

/// Reads from an array with a reader that does not outlive the call.
func reading<R>(
  _ bytes: [UInt8], _ body: (inout WireReader) throws(WireFault) -> R
) throws(WireFault) -> R {
  let span = unsafe bytes.span.bytes
  var reader = WireReader(span)
  return try body(&reader)
}

@Suite struct WireReaderTests {
  @Test func numbersAreLittleEndian() throws {
    let bytes = (1...31).map { UInt8($0) }
    let values = try reading(bytes) { reader throws(WireFault) in
      (
        try reader.u8("a"), try reader.u16("b"), try reader.u32("c"), try reader.u64("d"),
        try reader.b16("e"), reader.remaining
      )
    }
    #expect(values.0 == 1 && values.1 == 0x0302 && values.2 == 0x0706_0504)
    #expect(values.3 == 0x0F0E_0D0C_0B0A_0908)
    #expect(values.4.bytes == Array(bytes[15..<31]) && values.5 == 0)
  }

  @Test func aNumberPastTheEndIsTruncated() {
    for count in 0..<16 {
      let bytes = [UInt8](repeating: 1, count: count)
      #expect(throws: WireFault(.truncated, "key")) {
        try reading(bytes) { reader throws(WireFault) in try reader.b16("key") }
      }
    }
  }

  @Test func aBoolIsZeroOrOne() throws {
    #expect(try reading([0]) { reader throws(WireFault) in try reader.bool("b") } == false)
    #expect(try reading([1]) { reader throws(WireFault) in try reader.bool("b") } == true)
    for value in 2...255 as ClosedRange<UInt8> {
      #expect(throws: WireFault(.invalidBool, "b")) {
        try reading([value]) { reader throws(WireFault) in try reader.bool("b") }
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 65_534, 65_535])
  func aTextMayHaveAnyLengthItsPrefixCanSay(count: Int) throws {
    let prefix = [UInt8(count & 0xFF), UInt8(count >> 8)]
    let text = [UInt8](repeating: 0x61, count: count)
    let read = { (reader: inout WireReader) throws(WireFault) in try reader.text("t") }
    #expect(try reading(prefix + text, read) == text)
    if count > 0 {
      #expect(throws: WireFault(.truncated, "t")) { try reading(prefix + text.dropLast(), read) }
    }
  }

  @Test func groupsNestAndBoundTheirFields() throws {
    // Outer group of 5: inner group of 1 (one byte, skipped in part), then one byte of its own.
    let bytes: [UInt8] = [5, 0, 2, 0, 10, 11, 12, 13]
    try reading(bytes) { reader throws(WireFault) in
      let body = try reader.enterGroup("outer")
      let outer = try reader.enterGroup("inner")
      let inner = try reader.u8("a")
      reader.leaveGroup(outer)
      let after = try reader.u8("b")
      let left = reader.remaining
      reader.leaveGroup(body)
      let last = try reader.u8("c")
      #expect(inner == 10 && after == 12 && left == 0 && last == 13)
    }
  }

  @Test func aGroupLargerThanItsSurroundingsIsAnOverrun() {
    #expect(throws: WireFault(.overrun, "inner")) {
      try reading([3, 0, 2, 0, 1, 9, 9]) { reader throws(WireFault) in
        _ = try reader.enterGroup("outer")
        _ = try reader.enterGroup("inner")
      }
    }
  }

  @Test func faultsNameTheirGroupsAndElements() throws {
    let item = IssueItem(
      clientId: "c", user: "u", scope: "", audience: "", lifetimeSeconds: 0, withRefresh: false,
      count: 1)
    var body = try IssueRequest(items: [item, item]).encodedBody()
    body[body.count - 2] = 0
    #expect(throws: WireFault(.invalidValue, "items[1].count")) { try IssueRequest(body: body) }
    let acting = Acting(user: "u", systemAdmin: false, login: .session)
    var get = try AppGetRequest(acting: acting, clientId: Array("c".utf8)).encodedBody()
    get[5] = 2
    #expect(throws: WireFault(.invalidBool, "acting.systemAdmin")) { try AppGetRequest(body: get) }
  }

  /// A count is only a promise: it is held against the bytes at hand before anything is made.
  @Test func aCountThatTheBytesCannotHoldIsRefusedAtOnce() {
    let bytes: [UInt8] = [0xFF, 0xFF] + [UInt8](repeating: 0, count: 1_000)
    #expect(throws: WireFault(.overrun, "apps")) {
      try reading(bytes) { reader throws(WireFault) in
        try reader.list(AppEntry.self, "apps")
      }
    }
    // 500 empty groups fit the bytes, but no group is an app: the first one ends it.
    #expect(throws: WireFault(.truncated, "apps[0].clientId")) {
      try reading([0xF4, 1] + [UInt8](repeating: 0, count: 1_000)) { reader throws(WireFault) in
        try reader.list(AppEntry.self, "apps")
      }
    }
  }

  @Test func listsReserveByWhatWasParsedAndNotByTheirCount() throws {
    let one = try SettingEntry(name: "a", value: "b").encodedBody()
    let bytes: [UInt8] = [17, 0] + (0..<17).flatMap { _ in [UInt8(one.count), 0] + one }
    let list = try reading(bytes) { reader throws(WireFault) in
      try reader.list(SettingEntry.self, "settings")
    }
    #expect(list.count == 17 && list.capacity <= 64)
  }
}

@Suite struct UTF8CheckTests {
  private func check(_ bytes: [UInt8]) -> Bool {
    let span = unsafe bytes.span.bytes
    return isUTF8(span)
  }

  /// RFC 3629 and the usual suspects, at each alignment to the eight-byte steps.
  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func illFormedBytesAreRefusedAtEveryOffset(bytes: [UInt8]) {
    for before in 0...17 {
      for after in [0, 1, 9] {
        let text =
          [UInt8](repeating: 0x61, count: before) + bytes + [UInt8](repeating: 0x61, count: after)
        if check(text) { Issue.record("accepted after \(before) bytes") }
      }
    }
  }

  @Test func wellFormedBytesPassAtEveryOffset() {
    for scalar in ["\u{0}", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}"] {
      for before in 0...17 {
        #expect(check(Array((String(repeating: "a", count: before) + scalar).utf8)))
        #expect(check(Array((String(repeating: "é", count: before) + scalar + "a").utf8)))
      }
    }
    #expect(check([]))
    #expect(check(Array("\u{FFFF}\u{10000}\u{10FFFF}".utf8)))
  }

  /// Two independent judges: ours and the standard library's repairing decoder.
  @Test func randomBytesAreJudgedLikeTheStandardLibraryDoes() {
    var random = WireRandom(seed: 42)
    for _ in 0..<5_000 {
      let pool: [UInt8] = [0x41, 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F]
      let bytes = random.list(0...12) { $0.element(pool) }
      let same = Array(String(decoding: bytes, as: UTF8.self).utf8) == bytes
      if check(bytes) != same { Issue.record("\(bytes)") }
    }
  }

  @Test func everyTextFieldRefusesOtherEncodings() {
    #expect(throws: WireFault(.invalidUTF8, "token")) {
      try IntrospectRequest(body: [2, 0, 0xC3, 0x28])
    }
    #expect(throws: Never.self) { try PingRequest(body: [2, 0, 0xC3, 0x28]) }
  }
}
