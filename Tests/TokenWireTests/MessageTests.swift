import Testing

@testable import TokenWire

/// What holds for every message and group, with random values from fixed seeds.
@Suite struct MessageTests {
  @Test(arguments: WireCase.all)
  func everyValueSurvivesTheRoundTrip(shape: WireCase) throws {
    for seed in 0..<64 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      let (value, bytes) = try shape.sample(&random)
      #expect(try shape.matches(bytes, value), "seed \(seed)")
      #expect(try shape.decode(bytes).encodedBody() == bytes, "seed \(seed)")
    }
  }

  @Test(arguments: WireCase.all)
  func everyProperPrefixIsAFault(shape: WireCase) throws {
    for seed in 0..<8 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      let (_, bytes) = try shape.sample(&random)
      for cut in 0..<bytes.count {
        #expect(throws: WireFault.self, "seed \(seed), cut at \(cut)") {
          try shape.decode(Array(bytes[..<cut]))
        }
      }
    }
  }

  @Test(arguments: WireCase.all)
  func bytesAfterTheLastFieldOfABodyAreIgnored(shape: WireCase) throws {
    for seed in 0..<8 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      let (value, bytes) = try shape.sample(&random)
      #expect(try shape.matches(bytes + [0xFF], value))
      #expect(try shape.matches(bytes + (0..<300).map { _ in random.u8() }, value))
    }
  }

  @Test(arguments: WireCase.all)
  func bytesAfterTheLastFieldOfAGroupAreSkipped(shape: WireCase) throws {
    for (seed, extra) in [(1, 0), (2, 1), (3, 7), (4, 300)] as [(UInt64, Int)] {
      var random = WireRandom(seed: seed)
      let (value, bytes) = try shape.sample(&random)
      let size = bytes.count + extra
      let group =
        [UInt8(size & 0xFF), UInt8(size >> 8)] + bytes + [UInt8](repeating: 0xEE, count: extra)
      let decoded = try shape.decodeGroup(group + [0x5A])
      #expect(decoded.marker == 0x5A)
      #expect(try shape.matches(try decoded.value.encodedBody(), value))
    }
  }

  /// A group that says it is shorter than its fields must not read its neighbour's bytes.
  @Test(arguments: WireCase.all)
  func aGroupThatIsTooShortIsAFault(shape: WireCase) throws {
    var random = WireRandom(seed: 11)
    let (_, bytes) = try shape.sample(&random)
    guard !bytes.isEmpty else { return }
    let size = bytes.count - 1
    let group = [UInt8(size & 0xFF), UInt8(size >> 8)] + bytes + [UInt8](repeating: 0, count: 64)
    #expect(throws: WireFault.self) { _ = try shape.decodeGroup(group) }
  }

  /// Damaged bytes are refused or understood, and never trap; what is understood is stable.
  @Test(arguments: WireCase.all)
  func damagedBytesNeverTrap(shape: WireCase) throws {
    for seed in 100..<400 as Range<UInt64> {
      var random = WireRandom(seed: seed)
      var (_, bytes) = try shape.sample(&random)
      guard !bytes.isEmpty else { return }
      for _ in 0...random.below(3) {
        bytes[random.below(bytes.count)] = random.element([0, 1, 2, 0x7F, 0x80, 0xFF])
      }
      guard let value = try? shape.decode(bytes) else { continue }
      let again = try value.encodedBody()
      #expect(try shape.matches(again, value), "seed \(seed)")
    }
  }

  /// Every two bytes in turn say 65,535: some of them are lengths, sizes and counts.
  @Test(arguments: WireCase.all)
  func hugeLengthsAnywhereNeverTrap(shape: WireCase) throws {
    var random = WireRandom(seed: 7)
    let (_, bytes) = try shape.sample(&random)
    for offset in 0..<max(0, bytes.count - 1) {
      var damaged = bytes
      damaged[offset] = 0xFF
      damaged[offset + 1] = 0xFF
      _ = try? shape.decode(damaged)
    }
  }

  @Test func everyOperationHasARequestAndAReply() {
    #expect(Set(WireCase.requests.compactMap(\.opcode)) == Set(Opcode.allCases))
    #expect(Set(WireCase.replies.compactMap(\.opcode)) == Set(Opcode.allCases))
    #expect(WireCase.requests.count == Opcode.allCases.count)
  }

  @Test(arguments: WireCase.requests)
  func mutationsAndOnlyTheyBeginWithAKey(shape: WireCase) throws {
    var random = WireRandom(seed: 3)
    let (value, bytes) = try shape.sample(&random)
    let mutation = value as? any MutationMessage
    #expect((mutation != nil) == shape.opcode?.isMutation)
    if let mutation { #expect(mutation.key.bytes == Array(bytes[..<16])) }
  }

  @Test(arguments: WireCase.replies)
  func laneRepliesBeginWithTheirPosition(shape: WireCase) throws {
    guard let opcode = shape.opcode else { return }
    var random = WireRandom(seed: 4)
    let (value, bytes) = try shape.sample(&random)
    let lane = value as? any LaneReply
    #expect((lane != nil) == (opcode.isLane || opcode == .barrier))
    if let lane {
      let first = (0..<8).map { UInt8(truncatingIfNeeded: lane.position >> (8 * UInt64($0))) }
      #expect(first == Array(bytes[..<8]))
    }
  }
}
