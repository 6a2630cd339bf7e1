internal import Foundation
public import LinuxIO
public import TokenStorage

/// A `SimulatedDisk` for several threads. Writes, syncs and releases can be held up until a test
/// lets them go, are counted, and fail on command, each by the kind of file it is about.
public final class StallingDisk: Disk, @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by `condition`.
  private let medium: SimulatedDisk
  private var held: Set<DiskCall> = []
  /// How many calls may pass although their kind is held.
  private var passes: [DiskCall: Int] = [:]
  private var waiting: [DiskCall: Int] = [:]
  private var counts: [DiskCall: Int] = [:]
  private var faults: [DiskCall: [CallFault]] = [:]

  /// How long a test waits for what must come.
  public static let limitSeconds: Double = 30

  public init(_ medium: SimulatedDisk = SimulatedDisk()) { self.medium = medium }

  // MARK: What a test does with it

  /// Calls of this kind wait from now on.
  public func hold(_ call: DiskCall) { withLock { _ = held.insert(call) } }

  /// Every held call goes on, and none waits any more.
  public func letGo() { withLock { held.removeAll() } }

  /// The calls of one kind go on.
  public func letGo(_ call: DiskCall) { withLock { _ = held.remove(call) } }

  /// One call goes on, the one that waits or the next; the others still wait.
  public func letOnePass(_ call: DiskCall) { withLock { passes[call, default: 0] += 1 } }

  /// Returns true as soon as a call of the kind waits.
  public func waitUntilHeld(_ call: DiskCall) -> Bool {
    wait { waiting[call, default: 0] > 0 && passes[call, default: 0] == 0 }
  }

  /// Returns true as soon as there were so many calls of the kind that were not held, or no longer.
  public func waitUntilCounted(_ call: DiskCall, _ count: Int) -> Bool {
    wait { counts[call, default: 0] >= count }
  }

  /// How many calls of the kind there were; one that is held does not count yet.
  public func count(_ call: DiskCall) -> Int { withLock { counts[call, default: 0] } }

  /// The call after so many others of its kind fails.
  public func fail(_ call: DiskCall, after others: Int = 0, _ fault: CallFault.Kind) {
    withLock {
      let number = counts[call, default: 0] + others + 1
      faults[call, default: []].append(CallFault(number: number, kind: fault))
    }
  }

  /// See `SimulatedDisk`; may change at any time.
  public var capacityBytes: Int? {
    get { withLock { medium.capacityBytes } }
    set { withLock { medium.capacityBytes = newValue } }
  }

  /// Bytes of all files.
  public var usedBytes: Int { withLock { medium.usedBytes } }

  /// All files.
  public var files: [String: [UInt8]] { withLock { medium.files } }

  /// The names of all files with their sizes.
  public var sizes: [String: Int] { withLock { medium.files.mapValues(\.count) } }

  /// How many segments there are, the reserve and what is prepared not among them.
  public var segmentCount: Int {
    withLock { medium.names.keys.filter { DiskCall.FileKind($0) == .segment }.count }
  }

  /// The disk as it is after a kill of the process now.
  public func afterKill() -> StallingDisk { withLock { StallingDisk(medium.afterKill()) } }

  /// The disk as it is after a power cut now.
  public func afterPowerCut(_ pattern: LossPattern) -> StallingDisk {
    withLock { StallingDisk(medium.afterPowerCut(pattern)) }
  }

  private func wait(until isSo: () -> Bool) -> Bool {
    let limit = Date(timeIntervalSinceNow: Self.limitSeconds)
    return withLock {
      while !isSo() { if !condition.wait(until: limit) { return isSo() } }
      return true
    }
  }

  // MARK: Disk

  public func list() throws(SystemError) -> [String] {
    try withLock { () throws(SystemError) in try medium.list() }
  }

  public func open(_ name: String, isWritable: Bool) throws(SystemError) -> any DiskFile {
    try withLock { () throws(SystemError) in
      StallingFile(self, try medium.open(name, isWritable: isWritable))
    }
  }

  public func create(_ name: String) throws(SystemError) -> any DiskFile {
    try withLock { () throws(SystemError) in StallingFile(self, try medium.create(name)) }
  }

  public func rename(_ from: String, to: String) throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.rename(from, to: to) }
  }

  public func unlink(_ name: String) throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.unlink(name) }
  }

  public func syncDirectory() throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.syncDirectory() }
  }

  public func makeDirectory(_ name: String) throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.makeDirectory(name) }
  }

  public func removeDirectory(_ name: String) throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.removeDirectory(name) }
  }

  public func list(in directory: String) throws(SystemError) -> [String] {
    try withLock { () throws(SystemError) in try medium.list(in: directory) }
  }

  public func syncDirectory(_ name: String) throws(SystemError) {
    try withLock { () throws(SystemError) in try medium.syncDirectory(name) }
  }

  // MARK: Calls of files

  /// Waits while the call is held, then does it, unless it is to fail.
  func perform<Result>(
    _ action: DiskCall.Action, _ file: any DiskFile,
    _ body: (_ isShort: Bool) throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    try withLock { () throws(SystemError) in
      let name = medium.names.first { $0.value === file }?.key ?? ""
      let call = DiskCall(action, DiskCall.FileKind(name))
      stall(call)
      counts[call, default: 0] += 1
      condition.broadcast()
      let number = counts[call, default: 0]
      switch faults[call]?.first(where: { $0.number == number })?.kind {
      case .error(let errno): throw SystemError(errno: errno, call: "\(action)", path: name)
      case .shortWrite: return try body(true)
      case nil: return try body(false)
      }
    }
  }

  /// Under the lock, which it gives up while it waits.
  private func stall(_ call: DiskCall) {
    guard held.contains(call) else { return }
    waiting[call, default: 0] += 1
    condition.broadcast()
    while held.contains(call) && passes[call, default: 0] == 0 { condition.wait() }
    if held.contains(call) { passes[call, default: 0] -= 1 }
    waiting[call, default: 0] -= 1
  }

  func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return try body()
  }
}
