public import LinuxIO
public import TokenCrypto

extension JournalWriter {
  /// Makes a journal in a directory whose verdict is `.fresh`.
  ///
  /// FORMAT comes last, so that a start that is cut short leaves a directory that is still fresh.
  ///
  /// - Parameters:
  ///   - instance: its id; nil = drawn.
  ///   - position: its first commit is the next one. Not 0 only where a snapshot holds the state at
  ///     that position.
  public static func create(
    _ disk: any Disk, _ root: RootKey, _ options: JournalOptions = JournalOptions(),
    leftovers: [String] = [], instance given: Block128? = nil, after position: UInt64 = 0,
    wallMillis: UInt64
  ) throws(SystemError) -> JournalWriter {
    try removeTemporaries(disk, and: leftovers)
    let mac = JournalMAC(root)
    let instance = given ?? options.drawBlock()
    var witness = WitnessWriter(
      file: try disk.create(JournalNames.witness), sequence: 0, batchNumber: 0)
    let first = WitnessBlock(
      instance: instance, sequence: 1, segmentNonce: .zero, batchNumber: 0, tag: .zero,
      lastPosition: position, wallMillis: wallMillis)
    // Both slots hold something from the beginning.
    try witness.write(first, mac)
    var writer = JournalWriter(
      disk, root, options, instance: instance, witness: witness,
      chain: ChainEnd(
        batchNumber: 0, tag: .zero, nextPosition: position + 1, segmentNonce: .zero,
        segmentEnd: 0))
    let segment = try PreparedSegment.make(disk, byteCount: options.firstSegmentBytes)
    try writer.activate(segment, .afterStart, wallMillis)
    try writer.bearWitness(wallMillis)
    try writer.adoptReserve(isUsed: false)
    let format = try disk.create(JournalNames.preparedFormat)
    try format.writeWhole(
      FormatBlock(instance: instance, createdAtMillis: wallMillis).encoded(mac), at: 0)
    try format.sync()
    try disk.rename(JournalNames.preparedFormat, to: JournalNames.format)
    try disk.syncDirectory()
    return writer
  }

  /// Goes on where recovery found the end, in a new segment: a number is never sealed twice under
  /// one key. What lies after the end stays in the old file, outside of the journal.
  ///
  /// On a full disk the writer comes up with the reserve, or with nowhere to write.
  ///
  /// - Parameter tail: what the verdict `.tornTail` drops; a copy of it is kept.
  public static func open(
    _ disk: any Disk, _ root: RootKey, _ options: JournalOptions = JournalOptions(),
    after end: JournalEnd, dropping tail: TornTail? = nil, wallMillis: UInt64
  ) throws(SystemError) -> JournalWriter {
    try removeTemporaries(disk, and: [])
    if let tail { try TailQuarantine.keep(tail, disk) }
    try writeAgain(disk, end)
    let witness = WitnessWriter(
      file: try disk.open(JournalNames.witness, isWritable: true), sequence: end.witnessSequence,
      batchNumber: 0)
    var writer = JournalWriter(
      disk, root, options, instance: end.instance, witness: witness,
      chain: ChainEnd(
        batchNumber: end.batchNumber, tag: end.tag, nextPosition: end.lastPosition + 1,
        segmentNonce: end.segmentNonce, segmentEnd: end.endOffset))
    writer.retiredReserveName = end.reserveSegmentName
    try writer.goOn(after: end, wallMillis)
    try writer.adoptReserve(isUsed: writer.retiredReserveName != nil)
    return writer
  }

  private mutating func goOn(
    after end: JournalEnd, _ wallMillis: UInt64
  ) throws(SystemError) {
    #if PLANTED
      if planted(.appendsToTheOldSegment) { return try goOnInside(end) }
    #endif
    guard try prepareIfPossible(options.firstSegmentBytes), let segment = prepared.take() else {
      return
    }
    try activate(segment, .afterStart, wallMillis)
  }

  private init(
    _ disk: any Disk, _ root: RootKey, _ options: JournalOptions, instance: Block128,
    witness: WitnessWriter, chain: ChainEnd
  ) {
    self.disk = disk
    self.root = root
    self.mac = JournalMAC(root)
    self.options = options
    self.instance = instance
    self.witness = witness
    self.chain = chain
    self.active = nil
    durablePosition = chain.nextPosition - 1
  }

  /// The last batches may be in memory only: written and never synced, or dropped by a sync that
  /// failed. They were read and will be built upon, so they go to the disk now, the same bytes in
  /// the same place.
  private static func writeAgain(_ disk: any Disk, _ end: JournalEnd) throws(SystemError) {
    #if PLANTED
      if planted(.unsyncedTailTrusted) { return }
    #endif
    let file = try disk.open(end.segment, isWritable: true)
    var offset = end.provenOffset
    while offset < end.endOffset {
      let bytes = try file.read(
        byteCount: min(end.endOffset - offset, 256 * journalBlockBytes), at: offset)
      try file.writeWhole(bytes, at: offset)
      offset += bytes.count
    }
    try file.sync()
    try disk.syncDirectory()
  }

  private static func removeTemporaries(
    _ disk: any Disk, and others: [String]
  ) throws(SystemError) {
    let ours = JournalNames.removedAtStart + others
    for name in try disk.list() where ours.contains(name) {
      try disk.unlink(name)
    }
  }

  /// Takes the reserve that is there, or makes one if the disk has room.
  private mutating func adoptReserve(isUsed: Bool) throws(SystemError) {
    guard options.reserveBytes > 0, !isUsed else { return }
    if try disk.list().contains(JournalNames.reserve) {
      let file = try disk.open(JournalNames.reserve, isWritable: true)
      let byteCount = try file.byteCount()
      let header = try file.read(byteCount: journalBlockBytes, at: 0)
      let isClean = header.isZero(0..<header.count)
      if isClean && byteCount >= JournalOptions.leastSegmentBytes
        && byteCount % journalBlockBytes == 0
      {
        reserve = PreparedSegment(file: file, byteCount: byteCount)
        return
      }
      // Its first use was cut short; nothing follows the torn header.
      try disk.unlink(JournalNames.reserve)
    }
    do throws(JournalError) {
      _ = try restoreReserve()
    } catch {
      if case .failed(let error) = error { throw error }
    }
  }
}
