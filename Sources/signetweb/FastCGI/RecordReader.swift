/// Cuts a stream of bytes into records, wherever the reads happened to end.
///
/// Holds at most one incomplete record and what was appended with it: whoever appends takes out
/// every record before appending again.
struct RecordReader: Sendable {
  /// The peer speaks another protocol or version; nothing after it means anything.
  struct BadVersion: Error, Equatable {
    let found: UInt8
  }

  private var buffer: [UInt8] = []
  /// Where the next record begins in `buffer`.
  private var start = 0

  /// Bytes that are waiting for the rest of their record.
  var pendingBytes: Int { buffer.count - start }

  /// Takes in what was read.
  mutating func append(_ bytes: some Sequence<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole record, nil when there is none yet. Padding and the reserved byte are not
  /// looked at. The version is judged as soon as its byte is there.
  mutating func next() throws(BadVersion) -> Record? {
    guard pendingBytes > 0 else { return nil }
    if buffer[start] != Record.version { throw BadVersion(found: buffer[start]) }
    guard pendingBytes >= Record.headerBytes else { return nil }
    let contentBytes = Int(buffer[start + 4]) << 8 | Int(buffer[start + 5])
    let whole = Record.headerBytes + contentBytes + Int(buffer[start + 6])
    guard pendingBytes >= whole else { return nil }
    let content = start + Record.headerBytes
    let record = Record(
      type: buffer[start + 1],
      requestID: UInt16(buffer[start + 2]) << 8 | UInt16(buffer[start + 3]),
      content: Array(buffer[content..<content + contentBytes]))
    start += whole
    return record
  }
}
