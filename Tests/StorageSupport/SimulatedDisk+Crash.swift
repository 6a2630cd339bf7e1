/// What a power cut leaves of writes that were not synced.
public enum LossPattern: Sendable, Hashable {
  case loseAll
  case keepAll
  /// Each 512-byte sector of each write is kept or lost by itself.
  case random(UInt64)
}

extension SimulatedDisk {
  /// The disk as the next process finds it after this one was killed: nothing is lost, and what
  /// was not synced still is not.
  public func afterKill() -> SimulatedDisk {
    let result = SimulatedDisk()
    result.capacityBytes = capacityBytes
    result.isAfterPowerCut = isAfterPowerCut
    var twins: [ObjectIdentifier: SimulatedFile] = [:]
    func twin(_ file: SimulatedFile) -> SimulatedFile {
      if let known = twins[ObjectIdentifier(file)] { return known }
      let made = SimulatedFile(result, file.name)
      (made.durable, made.view, made.pending) = (file.durable, file.view, file.pending)
      twins[ObjectIdentifier(file)] = made
      return made
    }
    result.names = names.mapValues(twin)
    result.durableNames = durableNames.mapValues(twin)
    result.pendingNames = pendingNames.map { change in
      if case .set(let name, let file) = change { return .set(name, twin(file)) }
      return change
    }
    return result
  }

  /// The disk as it is after a power cut. This one is left as it was, so that one crash can be
  /// tried with many patterns.
  public func afterPowerCut(_ pattern: LossPattern) -> SimulatedDisk {
    var random = SplitMix64(seed(of: pattern))
    let kept: [String: SimulatedFile]
    switch pattern {
    case .loseAll: kept = durableNames
    case .keepAll: kept = names
    case .random:
      var partly = durableNames
      for change in pendingNames.prefix(random.below(pendingNames.count + 1)) {
        Self.perform(change, &partly)
      }
      kept = partly
    }
    let result = SimulatedDisk()
    result.capacityBytes = capacityBytes
    result.isAfterPowerCut = true
    let reachable = Self.withoutOrphans(kept)
    for name in reachable.keys.sorted() {
      guard let file = reachable[name] else { continue }
      result.add(name, file.afterPowerCut(pattern, &random))
    }
    return result
  }

  /// Whether a crash at a call of this disk, which kept its trace, leaves what no other kind of
  /// crash leaves. Only a write can be torn: at any other call `crashTorn` does what `crashBefore`
  /// does.
  public func isOwnCrash(_ kind: DiskFault.Kind, atCall call: Int) -> Bool {
    kind != .crashTorn || trace[call - 1].hasPrefix("write ")
  }

  private func seed(of pattern: LossPattern) -> UInt64 {
    if case .random(let seed) = pattern { return seed }
    return 0
  }

  // MARK: Files from outside

  /// A file that is on the medium.
  public func add(_ name: String, _ bytes: [UInt8]) {
    let file = SimulatedFile(self, name)
    (file.durable, file.view) = (bytes, bytes)
    names[name] = file
    durableNames[name] = file
  }

  /// All files as a read shows them. Setting puts all of them on the medium.
  public var files: [String: [UInt8]] {
    get { names.mapValues(\.view) }
    set {
      (names, durableNames, pendingNames) = ([:], [:], [])
      for (name, bytes) in newValue { add(name, bytes) }
    }
  }

  public convenience init(files: [String: [UInt8]]) {
    self.init()
    self.files = files
  }
}

extension SimulatedFile {
  static let sectorBytes = 512

  func afterPowerCut(_ pattern: LossPattern, _ random: inout SplitMix64) -> [UInt8] {
    switch pattern {
    case .loseAll: durable
    case .keepAll: applied { true }
    case .random: applied { random.below(2) == 0 }
    }
  }

  /// The medium with those sectors of the pending writes that are kept.
  private func applied(isKept: () -> Bool) -> [UInt8] {
    var bytes = durable
    for write in pending {
      var start = 0
      while start < write.bytes.count {
        let end = min(write.bytes.count, start + Self.sectorBytes)
        if isKept() {
          Self.put(write.bytes[start..<end], at: write.offset + start, into: &bytes)
        }
        start = end
      }
    }
    return bytes
  }
}
