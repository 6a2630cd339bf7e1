import Testing

@testable import signetweb

@Suite("Record reader")
struct RecordReaderTests {
  private let stream =
    FastCGIText.begin(1) + FastCGIText.record(4, 1, [1, 2, 3], padding: 5)
    + FastCGIText.record(4, 1) + FastCGIText.record(5, 258, [UInt8](repeating: 7, count: 300))

  private func all(_ reader: inout RecordReader) throws -> [Record] {
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test("the same records come out wherever the stream is cut")
  func cutAtEveryByte() throws {
    var whole = RecordReader()
    whole.append(stream)
    let expected = try all(&whole)
    #expect(expected.map(\.type) == [1, 4, 4, 5])
    #expect(expected.map(\.requestID) == [1, 1, 1, 258])
    #expect(expected.map(\.content.count) == [8, 3, 0, 300])
    for cut in 0...stream.count {
      var reader = RecordReader()
      reader.append(stream[..<cut])
      var records = try all(&reader)
      reader.append(stream[cut...])
      records += try all(&reader)
      #expect(records == expected, "cut at \(cut)")
      #expect(reader.pendingBytes == 0)
    }
  }

  @Test("one byte at a time")
  func byteByByte() throws {
    var reader = RecordReader()
    var records: [Record] = []
    for byte in stream {
      reader.append([byte])
      records += try all(&reader)
    }
    #expect(records.map(\.content.count) == [8, 3, 0, 300])
  }

  @Test(
    "contents of no, one and the most bytes, with no and the most padding",
    arguments: [
      (0, 0), (0, 255), (1, 0), (1, 7), (65_535, 0), (65_535, 255),
    ])
  func lengths(_ count: Int, _ padding: Int) throws {
    let record = FastCGIText.record(
      5, 9, [UInt8](repeating: 0xAB, count: count), padding: padding)
    #expect(count < 65_535 || padding < 255 || record.count == Record.bytesMax)
    var reader = RecordReader()
    reader.append(record.dropLast())
    // Without content and padding the last byte is the header's.
    #expect(try reader.next() == nil)
    reader.append(record.suffix(1) + FastCGIText.record(5, 9))
    #expect(try reader.next()?.content == [UInt8](repeating: 0xAB, count: count))
    #expect(try reader.next()?.content == [])
    #expect(try reader.next() == nil)
  }

  @Test("another version is refused at its first byte", arguments: [0, 2, 0x47, 255] as [UInt8])
  func badVersion(_ version: UInt8) {
    var reader = RecordReader()
    reader.append([version])
    #expect(throws: RecordReader.BadVersion(found: version)) { try reader.next() }
  }
}
