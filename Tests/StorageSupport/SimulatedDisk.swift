public import LinuxIO
public import TokenStorage

/// A directory in memory that behaves as badly as a real one may: what was not synced is lost, torn
/// by sector or kept at a crash, names that were not synced go back, calls fail on command.
///
/// One thread uses it. Every call is counted; a fault is "at the nth call".
public final class SimulatedDisk: Disk, @unchecked Sendable {
  var names: [String: SimulatedFile] = [:]
  /// What the directory holds on the medium, and the changes since it was synced.
  var durableNames: [String: SimulatedFile] = [:]
  var pendingNames: [NameChange] = []
  public internal(set) var callCount = 0
  public internal(set) var isCrashed = false
  public var fault: DiskFault?
  /// Bytes that all files together may have; nil = no limit.
  public var capacityBytes: Int?
  /// Whether what was not synced may be missing.
  public internal(set) var isAfterPowerCut = false
  /// Says that a sync succeeded and does nothing, as a journal that forgets to sync would look.
  public var ignoresFileSyncs = false
  public var ignoresDirectorySyncs = false
  /// The calls, for messages; kept only when asked.
  public var keepsTrace = false
  public private(set) var trace: [String] = []

  public init() {}

  enum NameChange {
    case set(String, SimulatedFile)
    case rename(String, String)
    case remove(String)
  }

  // MARK: Disk

  public func list() throws(SystemError) -> [String] {
    try enter("list", "")
    return Self.names(in: "", names.keys)
  }

  public func open(_ name: String, isWritable: Bool) throws(SystemError) -> any DiskFile {
    try enter("open", name)
    guard let file = names[name] else { throw error(.notFound, "open", name) }
    return file
  }

  public func create(_ name: String) throws(SystemError) -> any DiskFile {
    try enter("create", name)
    guard names[name] == nil else { throw error(.exists, "create", name) }
    let file = SimulatedFile(self, name)
    names[name] = file
    pendingNames.append(.set(name, file))
    try leave("create", name)
    return file
  }

  public func rename(_ from: String, to: String) throws(SystemError) {
    try enter("rename", from)
    let isDirectory = names[from + "/"] != nil
    let (from, to) = isDirectory ? (from + "/", to + "/") : (from, to)
    guard let file = names[from] else { throw error(.notFound, "rename", from) }
    if isDirectory, !Self.names(in: String(to.dropLast()), names.keys).isEmpty {
      throw error(.exists, "rename", to)
    }
    if Self.directory(of: from) == Self.directory(of: to) {
      pendingNames.append(.rename(from, to))
    } else {
      // Each directory reaches the medium by itself, the new name first at best.
      pendingNames += [.set(to, file), .remove(from)]
    }
    Self.perform(.rename(from, to), &names)
    try leave("rename", from)
  }

  public func unlink(_ name: String) throws(SystemError) {
    try enter("unlink", name)
    guard names.removeValue(forKey: name) != nil else { throw error(.notFound, "unlink", name) }
    pendingNames.append(.remove(name))
    try leave("unlink", name)
  }

  public func syncDirectory() throws(SystemError) { try syncDirectory("") }

  // MARK: Faults

  /// Counts a call and lets it fail if that is what the plan says.
  func enter(_ call: String, _ name: String) throws(SystemError) {
    if isCrashed { throw error(.inputOutput, "crashed", name) }
    callCount += 1
    if keepsTrace { trace.append("\(call) \(name)") }
    guard let fault, fault.hits(callCount) else { return }
    switch fault.kind {
    case .error(let errno): throw error(errno, call, name)
    case .crashBefore: try crash(name)
    case .crashTorn: if call != "write" { try crash(name) }
    case .crashAfter, .shortWrite: break
    }
  }

  func crash(_ name: String) throws(SystemError) {
    isCrashed = true
    throw error(.inputOutput, "crashed", name)
  }

  /// After the call took effect.
  func leave(_ call: String, _ name: String) throws(SystemError) {
    guard let fault, fault.hits(callCount), fault.kind == .crashAfter else { return }
    try crash(name)
  }

  func error(_ errno: Errno, _ call: String, _ name: String) -> SystemError {
    SystemError(errno: errno, call: call, path: name)
  }

  var usedBytes: Int { names.values.reduce(0) { $0 + $1.view.count } }
}

/// What goes wrong, and at which call.
public struct DiskFault: Sendable {
  public enum Kind: Sendable, Equatable {
    case error(Errno)
    /// The process is gone before, after, or, for a write, in the middle of the call.
    case crashBefore, crashAfter, crashTorn
    /// A write takes only some of the bytes; no error.
    case shortWrite
  }

  public var call: Int
  public var kind: Kind
  /// How many calls in a row.
  public var count = 1

  public init(atCall call: Int, _ kind: Kind, count: Int = 1) {
    self.call = call
    self.kind = kind
    self.count = count
  }

  func hits(_ number: Int) -> Bool { number >= call && number - call < count }
}
