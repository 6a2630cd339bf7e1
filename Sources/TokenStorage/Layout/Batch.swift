internal import TokenCrypto

/// A batch as it lies on the disk.
enum Batch {
  /// Seals `payload` and returns the bytes to write, whole blocks, and the tag.
  static func encode(
    _ header: BatchHeader, _ payload: [UInt8], _ cipher: inout JournalCipher
  ) -> (bytes: [UInt8], tag: Block128) {
    precondition(payload.count == Int(header.payloadBytes), "the header tells the payload's size")
    var bytes = header.authenticated
    let (ciphertext, tag) = cipher.seal(payload, number: header.number, header: bytes)
    var body = ciphertext
    body.append(block: tag)
    bytes.append(u32: CRC32C.checksum(body))
    bytes.append(u32: CRC32C.checksum(bytes))
    bytes.append(contentsOf: body)
    bytes.pad(to: header.extentBytes)
    return (bytes, tag)
  }

  /// Checks and opens the batch at an offset.
  static func open(
    _ segment: [UInt8], at offset: Int, _ cipher: inout JournalCipher
  ) throws(BatchFault) -> (header: BatchHeader, payload: [UInt8], tag: Block128) {
    let header = try BatchHeader(segment, at: offset)
    guard header.extentBytes <= segment.count - offset else { throw .cutOff }
    let start = offset + BatchHeader.byteCount
    let end = start + Int(header.payloadBytes)
    guard
      CRC32C.checksum(segment, start..<end + BatchHeader.tagBytes) == header.payloadCRC
    else { throw .payloadDamaged }
    let tag = segment.block(at: end)
    let authenticated = Array(segment[offset..<offset + BatchHeader.authenticatedBytes])
    guard
      let payload = cipher.open(
        segment, start..<end, number: header.number, header: authenticated, tag: tag)
    else { throw .notAuthentic }
    return (header, payload, tag)
  }
}
