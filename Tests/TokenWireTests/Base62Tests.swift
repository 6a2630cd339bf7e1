import Testing

@testable import TokenWire

@Suite("Base 62")
struct Base62Tests {
  @Test func digitsAreNumbersThenUpperThenLower() {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    for byte in UInt8.min...UInt8.max {
      let expected = alphabet.firstIndex(of: byte).map { UInt64($0) }
      #expect(Base62.value(of: byte) == expected)
    }
  }

  @Test func sumsStayBelowTheMarkOfAForeignByte() {
    let largest: UInt64 = 62 * 62 * 62 * 62 * 62 * 62 - 1
    #expect(largest < Base62.outside)
    #expect(!(Base62.outside.multipliedReportingOverflow(by: 6).overflow))
    #expect((Base62.outside * 6) >> 56 == 6)
  }

  @Test func wordsAreWrittenMostSignificantDigitFirst() {
    #expect(word(0) == "00000000000")
    #expect(word(61) == "0000000000z")
    #expect(word(62) == "00000000010")
    #expect(word(56_800_235_583) == "00000zzzzzz")
    #expect(word(56_800_235_584) == "00001000000")
    #expect(word(.max) == "LygHa16AHYF")
  }

  private func word(_ value: UInt64) -> String {
    var buffer = [UInt8](repeating: 0, count: 11)
    unsafe buffer.withUnsafeMutableBytes { raw in
      if let base = raw.baseAddress { unsafe Base62.writeWord(value, to: base) }
    }
    return String(decoding: buffer, as: UTF8.self)
  }
}
