internal import LinuxIO
public import TokenCore
public import TokenCrypto

/// Puts cuts on the disk as snapshots. For one thread, which is not the journal's.
///
/// `write` makes `snap.tmp`; once the journal is durable up to its position, `publish` gives it its
/// name and removes what is no longer needed. Every step is on the disk before the next begins.
public struct SnapshotWriter: Sendable {
  let disk: any Disk
  let root: RootKey
  let instance: Block128
  private let drawBlock: @Sendable () -> Block128
  /// Of pages, each written by itself, until they are synced.
  private static let syncedBytes = 1_024 * 1_024

  /// - Parameters:
  ///   - instance: of the journal that the snapshots belong to.
  ///   - drawBlock: where nonces come from.
  public init(
    _ disk: any Disk, _ root: RootKey, instance: Block128,
    drawBlock: @escaping @Sendable () -> Block128 = JournalOptions().drawBlock
  ) {
    self.disk = disk
    self.root = root
    self.instance = instance
    self.drawBlock = drawBlock
  }

  /// Writes the cut, syncs it and reads it back; the cut is ended in any case.
  ///
  /// - Parameters:
  ///   - mark: the journal's last batch at or before the cut, where that is known.
  ///   - progress: pages done, twice the pages in all, as each is written and read back; false
  ///     stops.
  public func write(
    _ cut: SnapshotCut, wallMillis: UInt64, mark: SnapshotMark? = nil,
    progress: (Int, Int) -> Bool = { _, _ in true }
  ) throws(SnapshotError) -> WrittenSnapshot {
    defer { cut.end() }
    let header = header(of: cut, wallMillis: wallMillis, mark: mark)
    do throws(SnapshotError) {
      try removeTemporary()
      // Reading back takes as long as writing: both are halves of the way.
      let pageCount = header.pageCount
      let byteCount = try writeFile(cut, header) { progress($0, 2 * $1) }
      cut.end()
      try readBack { progress(pageCount + $0, pageCount + $1) }
      return WrittenSnapshot(
        position: cut.position, byteCount: byteCount, pageCount: cut.pages.count)
    } catch {
      try? disk.unlink(SnapshotNames.temporary)
      throw error
    }
  }

  /// Removes what a start that was cut short, or a `write` that is not wanted, left.
  public func removeTemporary() throws(SnapshotError) {
    do throws(SystemError) {
      if try disk.list().contains(SnapshotNames.temporary) {
        try disk.unlink(SnapshotNames.temporary)
      }
    } catch {
      throw SnapshotError(error)
    }
  }

  func header(
    of cut: SnapshotCut, wallMillis: UInt64, mark: SnapshotMark? = nil
  ) -> SnapshotHeader {
    SnapshotHeader(
      instance: instance, nonce: drawBlock(), position: cut.position, wallMillis: wallMillis,
      mark: mark ?? SnapshotMark(batchNumber: 0, tag: .zero), pageCount: pages(of: cut).count,
      limits: cut.layout.limits, highWaters: cut.tables.map(\.highWater))
  }

  /// Writes `snap.tmp`, whatever the pages hold; what they hold is looked at when it is read back.
  /// - Returns: its bytes.
  func writeFile(
    _ cut: SnapshotCut, _ header: SnapshotHeader, _ progress: (Int, Int) -> Bool
  ) throws(SnapshotError) -> Int {
    do {
      let file = try disk.create(SnapshotNames.temporary)
      let mac = JournalMAC(root)
      var cipher = SnapshotCipher(root, nonce: header.nonce)
      let memory = SnapshotPage()
      var buffer = header.encoded(mac)
      var covered = buffer
      var (offset, synced) = (0, 0)
      for (index, page) in pages(of: cut).enumerated() {
        guard unsafe cut.copyPage(page, into: memory.bytes) else { throw SnapshotError.abandoned }
        covered += SnapshotFrame.append(
          page, number: UInt32(index + 1), memory, &cipher, to: &buffer)
        // Little at a time: who shares the processor waits for a write, and the journal's next sync
        // for what is not written yet.
        try file.writeWhole(buffer, at: offset)
        offset += buffer.count
        buffer.removeAll(keepingCapacity: true)
        if offset - synced >= Self.syncedBytes {
          try sync(file)
          // What reads it back is to read the disk, and nobody's files make room for it.
          file.forget(byteCount: offset - synced, at: synced)
          synced = offset
        }
        guard progress(index + 1, cut.pages.count) else { throw SnapshotError.stopped }
      }
      let byteCount = offset + buffer.count + journalBlockBytes
      buffer += SnapshotFooter(
        instance: instance, nonce: header.nonce, position: header.position,
        pageCount: header.pageCount, byteCount: byteCount, fileMAC: mac.tag(covered),
        liveCounts: cut.tables.map(\.live)
      ).encoded(mac)
      try file.writeWhole(buffer, at: offset)
      try sync(file)
      file.forget(byteCount: byteCount - synced, at: synced)
      guard progress(cut.pages.count, cut.pages.count) else { throw SnapshotError.stopped }
      return byteCount
    } catch let error as SystemError {
      throw SnapshotError(error)
    } catch {
      throw error as? SnapshotError ?? .abandoned
    }
  }

  private func pages(of cut: SnapshotCut) -> ArraySlice<Int> {
    #if PLANTED
      if planted(.lastPageLost) { return cut.pages.dropLast() }
    #endif
    return cut.pages[...]
  }

  /// At the latest before it gets its name: a name without a content would take an older snapshot's
  /// place.
  private func sync(_ file: any DiskFile) throws(SystemError) {
    #if PLANTED
      if planted(.namedBeforeItsSync) { return }
    #endif
    try file.sync()
  }

  private func readBack(_ progress: (Int, Int) -> Bool) throws(SnapshotError) {
    do throws(SnapshotFault) {
      _ = try SnapshotReader.read(
        disk, SnapshotNames.temporary, root, instance: instance, into: nil, progress: progress)
    } catch {
      if error.isStopped { throw .stopped }
      if case .unreadable = error.refusal.reason, let system = error.system {
        throw .failed(system)
      }
      throw .misread(error.refusal)
    }
  }
}

/// A snapshot that lies whole in `snap.tmp`.
public struct WrittenSnapshot: Equatable, Sendable {
  public var position: UInt64
  public var byteCount: Int
  public var pageCount: Int
  /// The name that it gets.
  public var name: String { SnapshotNames.snapshot(position) }
}
