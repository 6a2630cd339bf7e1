public import LinuxIO
public import TokenStorage

/// A file of a `SimulatedDisk`: what is on the medium, what was written since, and what a read
/// shows.
public final class SimulatedFile: DiskFile, @unchecked Sendable {
  unowned let disk: SimulatedDisk
  let name: String
  var durable: [UInt8] = []
  var view: [UInt8] = []
  var pending: [PendingWrite] = []

  struct PendingWrite {
    var offset: Int
    var bytes: [UInt8]
  }

  init(_ disk: SimulatedDisk, _ name: String) {
    self.disk = disk
    self.name = name
  }

  public func byteCount() throws(SystemError) -> Int {
    try disk.enter("size", name)
    return view.count
  }

  public func read(byteCount: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    try disk.enter("read", name)
    guard offset < view.count else { return [] }
    return Array(view[offset..<min(view.count, offset + byteCount)])
  }

  public func write(_ bytes: [UInt8], from start: Int, at offset: Int) throws(SystemError) -> Int {
    try disk.enter("write", name)
    var part = Array(bytes[start...])
    if let capacity = disk.capacityBytes {
      let growth = max(0, offset + part.count - view.count)
      if growth > 0, disk.usedBytes + growth > capacity {
        throw disk.error(.noSpace, "write", name)
      }
    }
    let isHit = disk.fault.map { $0.hits(disk.callCount) } ?? false
    if isHit, disk.fault?.kind == .shortWrite, part.count > 1 {
      part = Array(part[..<(part.count / 2)])
    }
    // The process does not live to see a torn write return: half of it is there when the machine
    // runs on, and each sector by itself is decided when the power goes.
    if isHit, disk.fault?.kind == .crashTorn { part = Array(part[..<(part.count / 2)]) }
    put(part, at: offset)
    if isHit, disk.fault?.kind == .crashTorn { try disk.crash(name) }
    try disk.leave("write", name)
    return part.count
  }

  /// Zeros that were written and not synced.
  public func release(byteCount: Int, at offset: Int) throws(SystemError) {
    try disk.enter("release", name)
    put([UInt8](repeating: 0, count: max(0, min(byteCount, view.count - offset))), at: offset)
    try disk.leave("release", name)
  }

  public func sync() throws(SystemError) {
    do throws(SystemError) {
      try disk.enter("sync", name)
    } catch {
      // The system marks the pages clean although they are not on the medium: a read still shows
      // them, a later sync succeeds, and a power cut loses them.
      if !disk.isCrashed { pending = [] }
      throw error
    }
    if !disk.ignoresFileSyncs {
      durable = view
      pending = []
    }
    try disk.leave("sync", name)
  }

  private func put(_ bytes: [UInt8], at offset: Int) {
    Self.put(bytes[...], at: offset, into: &view)
    pending.append(PendingWrite(offset: offset, bytes: bytes))
  }

  static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, into target: inout [UInt8]) {
    let missing = offset + bytes.count - target.count
    if missing > 0 { target.append(contentsOf: [UInt8](repeating: 0, count: missing)) }
    unsafe target.withUnsafeMutableBytes { to in
      unsafe bytes.withUnsafeBytes { from in
        // In bounds: the target was grown above.
        unsafe UnsafeMutableRawBufferPointer(rebasing: to[offset..<offset + from.count])
          .copyMemory(from: from)
      }
    }
  }
}
