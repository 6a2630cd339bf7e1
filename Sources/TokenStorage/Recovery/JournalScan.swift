internal import LinuxIO
internal import TokenCore
internal import TokenCrypto

/// Looks at the files of a journal and says what lies there. Reads only.
enum JournalScan {
  /// Everything but the batches.
  static func findings(
    _ disk: any Disk, _ root: RootKey
  ) throws(RecoveryRefusal) -> JournalFindings {
    let mac = JournalMAC(root)
    var findings = JournalFindings()
    do throws(SystemError) {
      findings.names = try disk.list()
    } catch {
      throw .unreadable(".", error)
    }
    for name in findings.names {
      switch name {
      case JournalNames.format:
        findings.format = block(disk, name, 0) { (bytes) throws(BlockFault) in
          try FormatBlock(bytes, mac)
        }
      case JournalNames.witness:
        findings.witness = [0, 1].map { slot in
          block(disk, name, slot * journalBlockBytes) { (bytes) throws(BlockFault) in
            try WitnessBlock(bytes, mac)
          }
        }
      default:
        if JournalNames.isSegment(name) && !JournalNames.isTemporary(name) {
          findings.segments.append(segment(disk, name, mac))
        }
      }
    }
    return findings
  }

  /// Files of a directory in which no journal was completed, all of them empty.
  static func leftovers(_ findings: JournalFindings) -> [String] {
    findings.names.filter { $0 == JournalNames.witness || JournalNames.isSegment($0) }
  }

  /// Names that are none of the journal's.
  static func strangers(_ names: [String]) -> [String] {
    names.filter { name in
      let ours = [JournalNames.format, JournalNames.witness, JournalNames.unfinished, "LOCK"]
      return !ours.contains(name) && !JournalNames.isSegment(name)
        && !JournalNames.isTemporary(name) && !JournalNames.isQuarantine(name)
        && SnapshotNames.position(name) == nil
    }.map { "\($0): not one of the journal's files; it was left alone" }
  }

  /// The batches of one segment; see `SegmentScanner`.
  static func scan(
    _ disk: any Disk, _ root: RootKey, _ segment: SegmentOrder.Segment, statedEnd: Int?,
    after heldPosition: UInt64 = 0,
    seen: (UInt64, Block128) -> Void, commit: (JournaledCommit) -> Void
  ) -> SegmentScan {
    do throws(SystemError) {
      let file = try disk.open(segment.name, isWritable: false)
      let byteCount = try file.byteCount()
      func scanned(
        _ bytes: [UInt8], after position: UInt64
      ) -> SegmentScan {
        var scanner = SegmentScanner(
          segment.name, segment.header, bytes, statedEnd: statedEnd, after: position, root)
        var scan = scanner.scan(seen: seen, commit: commit)
        scan.byteCount = byteCount
        return scan
      }
      if let statedEnd, statedEnd < byteCount {
        let scan = scanned(
          try bytes(file, upTo: statedEnd, of: byteCount), after: heldPosition)
        if case .statedEnd = scan.stop { return scan }
        // It ends before it should, and what lies after that says why. Commits are handed on once.
        return scanned(
          try file.read(byteCount: byteCount, at: 0),
          after: max(heldPosition, scan.last.lastPosition))
      }
      return scanned(try file.read(byteCount: byteCount, at: 0), after: heldPosition)
    } catch {
      return SegmentScan(
        name: segment.name, header: segment.header, byteCount: segment.byteCount,
        last: segment.header.markBefore, stop: .unreadable(error))
    }
  }

  /// A segment up to its stated end, and the batch that lies there, if one does. The rest of it is
  /// zeros, and in a segment that a start began and left, nearly all of it.
  private static func bytes(
    _ file: any DiskFile, upTo end: Int, of byteCount: Int
  ) throws(SystemError) -> [UInt8] {
    let known = try file.read(byteCount: min(end + journalBlockBytes, byteCount), at: 0)
    guard known.count >= end + BatchHeader.byteCount,
      let beyond = try? BatchHeader(known, at: end), beyond.extentBytes > journalBlockBytes
    else { return known }
    return try file.read(byteCount: min(end + beyond.extentBytes, byteCount), at: 0)
  }

  private static func segment(
    _ disk: any Disk, _ name: String, _ mac: borrowing JournalMAC
  ) -> SegmentFinding {
    var finding = SegmentFinding(name: name, byteCount: 0, header: .missing)
    do throws(SystemError) {
      let file = try disk.open(name, isWritable: false)
      finding.byteCount = try file.byteCount()
      let bytes = try file.read(byteCount: journalBlockBytes, at: 0)
      do throws(BlockFault) {
        finding.header = .whole(try SegmentHeader(bytes, mac))
      } catch {
        finding.header = .faulty(error)
      }
      // Otherwise there is no need to know.
      if finding.header.block?.firstBatch ?? 1 == 1 {
        finding.isEmptyAfterHeader = try isEmpty(file)
      }
    } catch {
      finding.header = .unreadable(error)
    }
    return finding
  }

  /// Whether all is zero after the first block. Read in pieces, some of them ahead: this may be the
  /// reserve.
  private static func isEmpty(_ file: any DiskFile) throws(SystemError) -> Bool {
    var offset = journalBlockBytes
    let pieceBytes = 256 * journalBlockBytes
    while true {
      let piece = try file.read(byteCount: pieceBytes, at: offset)
      if piece.isEmpty { return true }
      if !piece.isZero(0..<piece.count) { return false }
      file.willRead(byteCount: pieceBytes, at: offset + 4 * pieceBytes)
      offset += piece.count
    }
  }

  private static func block<Block>(
    _ disk: any Disk, _ name: String, _ offset: Int,
    _ decode: ([UInt8]) throws(BlockFault) -> Block
  ) -> BlockFinding<Block> {
    do throws(SystemError) {
      let file = try disk.open(name, isWritable: false)
      let bytes = try file.read(byteCount: journalBlockBytes, at: offset)
      do throws(BlockFault) {
        return .whole(try decode(bytes))
      } catch {
        return .faulty(error)
      }
    } catch {
      return .unreadable(error)
    }
  }
}
