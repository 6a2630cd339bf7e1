import TestSupport

/// Makes bad frames out of good ones.
struct FrameMutator {
  var random: SplitMix64
  private let good = GoldenFrame.requests.filter { $0.opcode != 1 }
  private let bad = GoldenFrame.bodies
  private let opcodes = ProtocolSchema.shared.operations.map(\.opcode)

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// One frame; most of them are broken somewhere.
  mutating func frame(requestId: UInt32) -> [UInt8] {
    var bytes = random.oneIn(20) ? noise() : random.pick(random.oneIn(20) ? bad : good).bytes
    if bytes.count >= 16 { bytes.replaceSubrange(8..<12, with: little(UInt64(requestId), 4)) }
    if random.oneIn(2) { clearKey(&bytes) }
    for _ in 0..<random.pick([0, 0, 1, 1, 1, 2, 3]) { mutate(&bytes) }
    // Mostly the length is put right again, so that the body is looked at.
    if !random.oneIn(20), bytes.count >= 16 {
      bytes.replaceSubrange(0..<4, with: little(UInt64(bytes.count - 16), 4))
    }
    return bytes
  }

  /// The vectors share one idempotency key, which makes most of them conflicts; without it each is
  /// looked at.
  private func clearKey(_ bytes: inout [UInt8]) {
    let opcode = RawFrame(header: bytes[...], body: []).opcode
    guard ProtocolSchema.shared.byOpcode[opcode]?.isMutation == true, bytes.count >= 32 else {
      return
    }
    bytes.replaceSubrange(16..<32, with: Array(repeating: 0, count: 16))
  }

  private mutating func noise() -> [UInt8] {
    RawFrame(random.pick(opcodes), 1, random.bytes(random.below(200))).bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    guard bytes.count > 16 else { return header(&bytes) }
    let place = 16 + random.below(bytes.count - 16)
    switch random.below(14) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 10...12: bytes[place] = UInt8(0x20 + random.below(0x5F))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 2: bytes.insert(contentsOf: random.bytes(1 + random.below(9)), at: place)
    case 3: bytes.removeSubrange(place..<min(place + 1 + random.below(9), bytes.count))
    case 4: bytes.removeLast(bytes.count - place)
    case 5: bytes += random.bytes(1 + random.below(30))
    case 6: putLength(&bytes, at: place)
    case 7: bytes.replaceSubrange(6..<8, with: little(UInt64(random.pick(opcodes)), 2))
    case 8: bytes.insert(contentsOf: bytes[16...place], at: place)
    default: if random.oneIn(2) { header(&bytes) }
    }
  }

  /// Two bytes that look like a length or count near a limit.
  private mutating func putLength(_ bytes: inout [UInt8], at place: Int) {
    guard place + 2 <= bytes.count else { return }
    let value = random.pick([0, 1, 0x7F, 0xFF, 0x100, 512, 513, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF])
    bytes.replaceSubrange(place..<place + 2, with: little(UInt64(value), 2))
  }

  private mutating func header(_ bytes: inout [UInt8]) {
    guard bytes.count >= 16 else { return }
    bytes[random.below(16)] = UInt8(truncatingIfNeeded: random.next())
  }
}
