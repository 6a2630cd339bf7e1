internal import LinuxIO
internal import TokenCore
internal import TokenCrypto

/// Reads a snapshot from front to back. Nothing of it counts until its last block was read.
struct SnapshotReader: ~Copyable {
  private let name: String
  private let file: any DiskFile
  private let mac: JournalMAC
  private var cipher: SnapshotCipher
  private let header: SnapshotHeader
  private let arena: Arena?
  /// Of the arena that it came from.
  private let layout: ArenaLayout
  /// Whether the arena's pages are the snapshot's, number for number.
  private let isSameLayout: Bool
  private var pages: PageCheck
  /// Bytes read ahead: those from `start` to `end` are not used yet. `offset` is the first one's
  /// place in the file.
  private var buffer: [UInt8]
  private var start: Int
  private var end: Int
  private var offset: Int
  private var covered: [UInt8]
  private var loaded: [Int] = []
  /// Small enough for the processor's cache, many pages for one call.
  private static let readBytes = 512 * 1_024
  /// How far the disk works ahead of what is read.
  private static let aheadBytes = 16 * 1_024 * 1_024

  /// Checks the whole file and, where an arena is given, fills it. After an error the arena is as
  /// empty as before.
  ///
  /// - Parameters:
  ///   - arena: holds nothing yet.
  ///   - progress: pages read, pages in all; false stops.
  static func read(
    _ disk: any Disk, _ name: String, _ root: RootKey, instance: Block128, into arena: Arena?,
    progress: (Int, Int) -> Bool
  ) throws(SnapshotFault) -> SnapshotSummary {
    var reader = try open(disk, name, root, instance: instance, into: arena)
    do throws(SnapshotFault) {
      try reader.readPages(progress)
      return try reader.readFooter()
    } catch {
      reader.clear()
      throw error
    }
  }

  /// The same, without an end before the last page.
  static func read(
    _ disk: any Disk, _ name: String, _ root: RootKey, instance: Block128, into arena: Arena?,
    progress: (Int, Int) -> Void = { _, _ in }
  ) throws(SnapshotFault) -> SnapshotSummary {
    try read(disk, name, root, instance: instance, into: arena) { done, inAll in
      progress(done, inAll)
      return true
    }
  }

  private init(
    _ name: String, _ file: any DiskFile, _ root: RootKey, _ header: SnapshotHeader,
    _ headerBytes: [UInt8], into arena: Arena?
  ) {
    self.name = name
    self.file = file
    self.header = header
    self.arena = arena
    layout = ArenaLayout(header.limits)
    pages = PageCheck(layout, highest: header.highWaters, position: header.position)
    isSameLayout = arena?.layout.limits == header.limits
    buffer = [UInt8](repeating: 0, count: Self.readBytes)
    mac = JournalMAC(root)
    cipher = SnapshotCipher(root, nonce: header.nonce)
    covered = headerBytes
    // By what the header says only as far as that is little.
    let expected = min(header.pageCount, 1 << 16)
    covered.reserveCapacity(headerBytes.count + expected * SnapshotFrame.headBytes)
    (start, end, offset) = (0, 0, journalBlockBytes)
  }

  private static func open(
    _ disk: any Disk, _ name: String, _ root: RootKey, instance: Block128, into arena: Arena?
  ) throws(SnapshotFault) -> SnapshotReader {
    let file: any DiskFile
    let headerBytes: [UInt8]
    do throws(SystemError) {
      file = try disk.open(name, isWritable: false)
      file.willRead(byteCount: aheadBytes, at: 0)
      headerBytes = try file.read(byteCount: journalBlockBytes, at: 0)
    } catch {
      throw .unreadable(name, error)
    }
    let header: SnapshotHeader
    do throws(BlockFault) {
      header = try SnapshotHeader(headerBytes, JournalMAC(root))
    } catch {
      throw .block(name, 0, "the snapshot's header", error)
    }
    try check(header, name, instance)
    try SnapshotFit.check(header, arena?.layout.limits, name)
    return SnapshotReader(name, file, root, header, headerBytes, into: arena)
  }

  private static func check(
    _ header: SnapshotHeader, _ name: String, _ instance: Block128
  ) throws(SnapshotFault) {
    guard header.instance == instance else {
      throw .refused(
        .damaged(
          name, "a snapshot of another journal (instance \(header.instance.hexText))",
          "move it out of the directory"))
    }
    let own = SnapshotNames.snapshot(header.position)
    guard name == own || name == SnapshotNames.temporary else {
      throw .refused(
        .damaged(
          name, "the snapshot that belongs under the name \(own)",
          "give the file its name back, unless another file has it already"))
    }
    if let fault = header.fault { throw .refused(.damaged(name, 0, fault, advice)) }
  }

  private mutating func readPages(_ progress: (Int, Int) -> Bool) throws(SnapshotFault) {
    let memory = SnapshotPage()
    var previous = 0
    for index in 0..<header.pageCount {
      let frame = try readFrame(index + 1, memory)
      guard frame.page > previous else { throw damaged("pages that are not in order") }
      previous = frame.page
      let bytes = unsafe memory.unpacked(frame.textBytes)
      if let fault = unsafe pages.fault(ofPage: frame.page, bytes) {
        throw .refused(.damaged(name, offset, fault, Self.advice))
      }
      if let arena, unsafe !load(frame.page, bytes, into: arena) {
        throw .refused(
          .damaged(name, offset, "page \(frame.page) holds more than its rows", Self.advice))
      }
      guard progress(index + 1, header.pageCount) else { throw .stopped(name) }
    }
  }

  /// Fills the arena's rows that a page has.
  /// - Returns: false where the arena has no place for what the page holds.
  @unsafe
  private mutating func load(
    _ page: Int, _ bytes: UnsafeRawBufferPointer, into arena: Arena
  ) -> Bool {
    if let place = isSameLayout ? page : arena.place(ofPage: page, in: layout) {
      loaded.append(place)
      unsafe arena.load(page: place, from: bytes)
      return true
    }
    let places = unsafe arena.loadRows(ofPage: page, in: layout, from: bytes)
    loaded += places ?? 0..<0
    return places != nil
  }

  /// The next frame, authenticated and decrypted into the memory's packed form.
  private mutating func readFrame(
    _ number: Int, _ memory: borrowing SnapshotPage
  ) throws(SnapshotFault) -> SnapshotFrame {
    try need(SnapshotFrame.headBytes)
    guard let frame = SnapshotFrame(buffer, at: start),
      frame.textBytes >= SnapshotPage.leastPackedBytes,
      frame.textBytes <= SnapshotPage.mostPackedBytes
    else { throw damaged("frame \(number) has no whole head") }
    let frameBytes = SnapshotFrame.headBytes + frame.textBytes
    try need(frameBytes)
    let checked = start + 8..<start + frameBytes
    guard buffer.u32(at: start + 4) == CRC32C.checksum(buffer, checked) else {
      throw damaged("the checksum of frame \(number) does not fit")
    }
    guard frame.number == number else {
      throw damaged("frame \(frame.number) lies in the place of frame \(number)")
    }
    guard frame.open(buffer, at: start, &cipher, memory) else {
      throw .refused(.notAuthentic(name, offset, "frame \(number)"))
    }
    covered += buffer[start..<start + SnapshotFrame.headBytes]
    start += frameBytes
    offset += frameBytes
    return frame
  }

  private mutating func readFooter() throws(SnapshotFault) -> SnapshotSummary {
    try need(journalBlockBytes)
    let footer: SnapshotFooter
    do throws(BlockFault) {
      footer = try SnapshotFooter(
        Array(buffer[start..<start + journalBlockBytes]), mac, tables: TableUse.names.count)
    } catch {
      throw .block(name, offset, "the snapshot's last block", error)
    }
    let end = offset + journalBlockBytes
    guard footer.instance == header.instance, footer.nonce == header.nonce,
      footer.position == header.position, footer.pageCount == header.pageCount,
      isOfThisFile(footer)
    else {
      throw .refused(
        .damaged(name, offset, "its last block is that of another snapshot", Self.advice))
    }
    guard footer.byteCount == end, try isAtEnd() else {
      throw damaged("the file goes on after its last block")
    }
    if let fault = pages.fault(liveCounts: footer.liveCounts) {
      throw .refused(.damaged(name, offset, fault, Self.advice))
    }
    return SnapshotSummary(
      file: name, position: header.position, wallMillis: header.wallMillis, mark: header.mark,
      byteCount: end, pageCount: header.pageCount,
      tables: TableUse.names.indices.map { index in
        TableUse(
          name: TableUse.names[index], live: footer.liveCounts[index],
          highWater: header.highWaters[index], capacity: 0)
      })
  }

  private func isOfThisFile(_ footer: SnapshotFooter) -> Bool {
    #if PLANTED
      if planted(.fileMACNotChecked) { return true }
    #endif
    return footer.fileMAC == mac.tag(covered)
  }

  private mutating func isAtEnd() throws(SnapshotFault) -> Bool {
    if end - start > journalBlockBytes { return false }
    do throws(SystemError) {
      return try file.read(byteCount: 1, at: offset + journalBlockBytes).isEmpty
    } catch {
      throw .unreadable(name, error)
    }
  }

  /// Sees to it that so many bytes, which the buffer has room for, lie in it from `start` on.
  private mutating func need(_ count: Int) throws(SnapshotFault) {
    guard end - start < count else { return }
    let rest = end - start
    let place = offset + rest
    file.willRead(byteCount: Self.readBytes, at: place + Self.aheadBytes)
    let (file, start) = (file, start)
    let read: Result<Int, SystemError> = unsafe buffer.withUnsafeMutableBytes { all in
      unsafe all.copyMemory(from: UnsafeRawBufferPointer(rebasing: all[start..<start + rest]))
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: all[rest...])
      do throws(SystemError) {
        return .success(try unsafe file.read(into: room, at: place))
      } catch {
        return .failure(error)
      }
    }
    switch read {
    case .success(let more):
      (self.start, end) = (0, rest + more)
      // What is only looked at needs no place in the system's cache.
      if arena == nil { file.forget(byteCount: more, at: place) }
    case .failure(let error): throw .unreadable(name, error)
    }
    guard end >= count else { throw damaged("the file ends too early") }
  }

  private func clear() {
    for page in loaded { arena?.clear(page: page) }
  }

  private func damaged(_ found: String) -> SnapshotFault {
    .rotten(.damaged(name, offset, found, Self.advice))
  }

  static let advice = "restore a backup; the files here were left as they are"
}

/// Why a snapshot is not usable.
struct SnapshotFault: Error {
  var refusal: RecoveryRefusal
  /// The medium decayed, or the file was cut: an older snapshot may do in its place.
  var isRot: Bool
  var system: SystemError?
  /// The progress callback said so.
  var isStopped = false

  static func stopped(_ name: String) -> SnapshotFault {
    let refusal = RecoveryRefusal.damaged(name, "the reading was stopped", "read it again")
    return SnapshotFault(refusal: refusal, isRot: false, isStopped: true)
  }

  static func rotten(_ refusal: RecoveryRefusal) -> SnapshotFault {
    SnapshotFault(refusal: refusal, isRot: true)
  }

  static func refused(_ refusal: RecoveryRefusal) -> SnapshotFault {
    SnapshotFault(refusal: refusal, isRot: false)
  }

  static func unreadable(_ name: String, _ error: SystemError) -> SnapshotFault {
    SnapshotFault(refusal: .unreadable(name, error), isRot: false, system: error)
  }

  static func block(
    _ name: String, _ offset: Int, _ what: String, _ fault: BlockFault
  ) -> SnapshotFault {
    switch fault {
    case .newer, .notAuthentic: .refused(.block(name, offset, what, fault))
    case .short, .empty, .damaged, .otherKind: .rotten(.block(name, offset, what, fault))
    }
  }
}
