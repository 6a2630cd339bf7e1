internal import TokenCrypto

/// A batch as it lies on the disk.
enum Batch {
  /// Seals `payload` and puts what is to be written, whole blocks, into `extent`, in place of what
  /// that held: a caller keeps one for all its batches. Returns the tag.
  static func encode(
    _ header: BatchHeader, _ payload: [UInt8], _ cipher: inout JournalCipher,
    into extent: inout [UInt8]
  ) -> Block128 {
    precondition(payload.count == Int(header.payloadBytes), "the header tells the payload's size")
    let authenticated = header.authenticated
    extent.removeAll(keepingCapacity: true)
    extent.reserveCapacity(header.extentBytes)
    extent += authenticated
    // The two checksums, once there is what they are about.
    extent.append(u64: 0)
    extent += payload
    let tag = cipher.seal(
      &extent, BatchHeader.byteCount..<extent.count, number: header.number, header: authenticated)
    extent.append(block: tag)
    extent.replace(
      at: BatchHeader.payloadCRCOffset,
      u32: CRC32C.checksum(extent, BatchHeader.byteCount..<extent.count))
    extent.replace(
      at: BatchHeader.headerCRCOffset,
      u32: CRC32C.checksum(extent, 0..<BatchHeader.headerCRCOffset))
    extent.pad(to: header.extentBytes)
    return tag
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
