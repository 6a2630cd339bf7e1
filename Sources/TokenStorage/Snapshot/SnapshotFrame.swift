internal import TokenCrypto

/// The head of one page in a snapshot.
///
/// | offset | holds |
/// |---|---|
/// | 0 | magic 32 |
/// | 4 | CRC-32C over bytes 8 to the frame's end |
/// | 8 | number of the frame, from 1, 32; bytes of text 32 |
/// | 16 | number of the page 64 |
/// | 24 | GCM tag, 16 bytes |
/// | 40 | text |
struct SnapshotFrame: Equatable, Sendable {
  var number: UInt32
  var textBytes: Int
  var page: Int
  var tag = Block128.zero

  static let magic: UInt32 = 0x4653_6753  // "SgSF"
  static let headBytes = 40

  init(number: UInt32, textBytes: Int, page: Int) {
    self.number = number
    self.textBytes = textBytes
    self.page = page
  }

  /// The head at an offset, unchecked; nil where there is no magic.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard bytes.u32(at: offset) == Self.magic else { return nil }
    number = bytes.u32(at: offset + 8)
    textBytes = Int(bytes.u32(at: offset + 12))
    page = Int(clamping: bytes.u64(at: offset + 16))
    tag = bytes.block(at: offset + 24)
  }

  /// What the tag covers beside the text: bytes 8 to 23.
  var authenticated: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    bytes.append(u32: number)
    bytes.append(u32: UInt32(textBytes))
    bytes.append(u64: UInt64(page))
    return bytes
  }

  /// Appends a sealed page; returns its head.
  static func append(
    _ page: Int, number: UInt32, _ memory: borrowing SnapshotPage,
    _ cipher: inout SnapshotCipher, to bytes: inout [UInt8]
  ) -> [UInt8] {
    let text = unsafe memory.pack()
    var frame = SnapshotFrame(number: number, textBytes: text.count, page: page)
    let authenticated = frame.authenticated
    let start = bytes.count
    bytes += [UInt8](repeating: 0, count: headBytes)
    unsafe bytes.append(contentsOf: text)
    frame.tag = unsafe bytes.withUnsafeMutableBytes { all in
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: all[(start + headBytes)...])
      return unsafe cipher.seal(
        UnsafeRawBufferPointer(target), into: target, number: UInt64(number),
        header: authenticated)
    }
    var head = authenticated
    head.append(block: frame.tag)
    bytes.replaceSubrange(start + 8..<start + headBytes, with: head)
    var front: [UInt8] = []
    front.append(u32: magic)
    front.append(u32: CRC32C.checksum(bytes, start + 8..<bytes.count))
    bytes.replaceSubrange(start..<start + 8, with: front)
    return front + head
  }

  /// Decrypts the text at an offset into `packed`. False if it is not authentic, or no packed page.
  func open(
    _ bytes: [UInt8], at offset: Int, _ cipher: inout SnapshotCipher,
    _ memory: borrowing SnapshotPage
  ) -> Bool {
    let authenticated = authenticated
    let isAuthentic = unsafe bytes.withUnsafeBytes { all in
      let start = offset + Self.headBytes
      let text = unsafe UnsafeRawBufferPointer(rebasing: all[start..<start + textBytes])
      return unsafe cipher.open(
        text, into: memory.packed, number: UInt64(number), header: authenticated, tag: tag)
    }
    return isAuthentic && memory.isPacked(textBytes)
  }
}
