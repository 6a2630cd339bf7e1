internal import LinuxIO
internal import TokenCrypto

extension JournalWriter {
  /// Sees to it that the active segment has room for a batch and for a seal after it. False where
  /// the disk is full.
  mutating func makeRoom(
    _ extentBytes: Int, _ purpose: BatchPurpose, _ wallMillis: UInt64
  ) throws(SystemError) -> Bool {
    let wanted = extentBytes + journalBlockBytes
    precondition(
      wanted + journalBlockBytes <= roundedUpToBlocks(options.segmentBytes),
      "a batch fits into a segment")
    let hasRoom = (active?.remainingBytes ?? 0) >= wanted
    if hasRoom && !isInReserve { return true }
    // The reserve is left as soon as there is anything else.
    if try prepareIfPossible(options.segmentBytes), let segment = prepared.take() {
      try activate(segment, [], wallMillis)
      return true
    }
    guard mayUseReserve(purpose) else { return false }
    if hasRoom { return true }
    guard let reserve, wanted + journalBlockBytes <= reserve.byteCount else { return false }
    self.reserve = nil
    try activate(reserve, .reserve, wallMillis)
    return true
  }

  private func mayUseReserve(_ purpose: BatchPurpose) -> Bool {
    #if PLANTED
      if planted(.reserveUsedForGrants) { return true }
    #endif
    return purpose == .denials
  }

  /// Whether a prepared segment is in hand; makes one of so many bytes unless the disk was found
  /// full.
  mutating func prepareIfPossible(_ byteCount: Int) throws(SystemError) -> Bool {
    if prepared != nil { return true }
    if isDiskFull { return false }
    do throws(SystemError) {
      prepared = try PreparedSegment.make(disk, byteCount: byteCount)
      return true
    } catch  where error.isNoSpace {
      isDiskFull = true
      return false
    }
  }

  /// Makes the segment the one that batches go to: what was written to the one before it, then its
  /// header, its name, and the witness, each on the disk before the next, and all of them before
  /// the first batch.
  mutating func activate(
    _ segment: PreparedSegment, _ flags: SegmentHeader.Flags, _ wallMillis: UInt64
  ) throws(SystemError) {
    try syncWritten()
    let nonce = nextNonce()
    let header = SegmentHeader(
      instance: instance, nonce: nonce, firstBatch: chain.batchNumber + 1,
      firstPosition: nextFirstPosition, previousNonce: chain.segmentNonce,
      previousTag: chain.tag, previousEnd: UInt64(chain.segmentEnd),
      byteCount: UInt64(segment.byteCount), createdAtMillis: wallMillis, flags: flags)
    try segment.file.writeWhole(header.encoded(mac), at: 0)
    try segment.file.sync()
    let name = JournalNames.segment(firstPosition: header.firstPosition, nonce: nonce)
    let isReserve = flags.contains(.reserve)
    if isReserve {
      // It keeps its name: a rename may need space, and there is none.
      retiredReserveName = name
    } else {
      try disk.rename(JournalNames.preparedSegment, to: name)
      try retireReserve()
      try syncNames()
    }
    active = ActiveSegment(
      segment, isReserve: isReserve, cipher: JournalCipher(root, segmentNonce: nonce))
    chain.segmentNonce = nonce
    chain.segmentEnd = journalBlockBytes
    try bearWitness(wallMillis)
  }

  /// Salt of the key, so that no number is sealed twice under one.
  private func nextNonce() -> Block128 {
    #if PLANTED
      if planted(.nonceReused), chain.segmentNonce != .zero { return chain.segmentNonce }
    #endif
    return options.drawBlock()
  }

  private var nextFirstPosition: UInt64 {
    #if PLANTED
      if planted(.positionOffByOneAtRotation) { return chain.nextPosition + 1 }
    #endif
    return chain.nextPosition
  }

  /// A rename holds when the directory is on the disk.
  private func syncNames() throws(SystemError) {
    #if PLANTED
      if planted(.directorySyncSkipped) { return }
    #endif
    try disk.syncDirectory()
  }

  /// Gives a reserve that was used the name of a segment, which it is from now on.
  private mutating func retireReserve() throws(SystemError) {
    guard let name = retiredReserveName else { return }
    try disk.rename(JournalNames.reserve, to: name)
    retiredReserveName = nil
  }

  /// Makes a reserve where there is none, on a disk with room. False where there is still none.
  public mutating func restoreReserve() throws(JournalError) -> Bool {
    if let failure { throw failure }
    guard options.reserveBytes > 0 else { return false }
    if reserve != nil { return true }
    guard !isInReserve, retiredReserveName == nil else { return false }
    do throws(SystemError) {
      let made = try PreparedSegment.make(
        disk, JournalNames.preparedReserve, roundedUpToBlocks(options.reserveBytes))
      try disk.rename(JournalNames.preparedReserve, to: JournalNames.reserve)
      try disk.syncDirectory()
      reserve = made
      return true
    } catch  where error.isNoSpace {
      return false
    } catch {
      fail(error)
      throw .failed(error)
    }
  }
}
