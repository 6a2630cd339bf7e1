import Testing
import TokenWire

@Suite("CRC-32")
struct CRC32Tests {
  @Test func knownChecksumsAgree() {
    #expect(CRC32.checksum(Array("123456789".utf8).span) == 0xCBF4_3926)
    let fox = Array("The quick brown fox jumps over the lazy dog".utf8)
    #expect(CRC32.checksum(fox.span) == 0x414F_A339)
    #expect(CRC32.checksum([UInt8]().span) == 0)
    #expect(CRC32.checksum([0].span) == 0xD202_EF8D)
  }

  @Test func everyLengthAgreesWithTheDefinitionBitByBit() {
    let bytes = (0..<100).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
    for count in 0...bytes.count {
      let part = Array(bytes[..<count])
      #expect(CRC32.checksum(part.span) == bitwise(part), "\(count) bytes")
    }
  }

  private func bitwise(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = ~0
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 {
        register = register & 1 == 1 ? (register >> 1) ^ 0xEDB8_8320 : register >> 1
      }
    }
    return ~register
  }
}
