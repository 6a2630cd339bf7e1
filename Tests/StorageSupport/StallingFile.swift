internal import LinuxIO
internal import TokenStorage

/// A file of a `StallingDisk`.
final class StallingFile: DiskFile, @unchecked Sendable {
  private let disk: StallingDisk
  /// The file of the simulated disk; used under the lock of `disk`.
  private let file: any DiskFile

  init(_ disk: StallingDisk, _ file: any DiskFile) {
    self.disk = disk
    self.file = file
  }

  func byteCount() throws(SystemError) -> Int {
    try disk.withLock { () throws(SystemError) in try file.byteCount() }
  }

  func read(byteCount: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    try disk.withLock { () throws(SystemError) in
      try file.read(byteCount: byteCount, at: offset)
    }
  }

  func write(_ bytes: [UInt8], from start: Int, at offset: Int) throws(SystemError) -> Int {
    try disk.perform(.write, file) { (isShort) throws(SystemError) in
      let end = isShort ? start + max(1, (bytes.count - start) / 2) : bytes.count
      return try file.write(Array(bytes[..<end]), from: start, at: offset)
    }
  }

  func release(byteCount: Int, at offset: Int) throws(SystemError) {
    try disk.perform(.release, file) { (_) throws(SystemError) in
      try file.release(byteCount: byteCount, at: offset)
    }
  }

  func sync() throws(SystemError) {
    try disk.perform(.sync, file) { (_) throws(SystemError) in try file.sync() }
  }
}
