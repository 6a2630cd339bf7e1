public import LinuxIO
internal import Synchronization

/// A directory of the file system. Who writes to it has checked its mode and holds its lock.
public final class LinuxDisk: Disk {
  public let path: String
  private let isInHurry = Atomic<Bool>(false)

  public init(path: String) { self.path = path }

  /// Names in the directory, sorted by their bytes.
  public func list() throws(SystemError) -> [String] { try Directory.list(path: path) }

  /// An existing file; symbolic links are refused, and so are devices and pipes, which need not
  /// end.
  public func open(_ name: String, isWritable: Bool) throws(SystemError) -> any DiskFile {
    let file = try file(name, isWritable ? .readWrite(createModeBits: nil) : .read)
    try file.requireEnd()
    return file
  }

  /// A new file, 0600; fails where the name is taken. Its name is durable after `syncDirectory`.
  public func create(_ name: String) throws(SystemError) -> any DiskFile {
    try file(name, .createNew(modeBits: 0o600))
  }

  /// Replaces the target, if there is one. Durable after `syncDirectory`.
  public func rename(_ from: String, to: String) throws(SystemError) {
    try FileSystem.rename(whole(from), to: whole(to))
  }

  /// Removes the name. Durable after `syncDirectory`.
  ///
  /// A large file first gets a name that nobody reads, in its directory, and then goes little by
  /// little: all of its memory and blocks at once would hold a processor, and the journal's next
  /// sync, for a tenth of a second. Takes a millisecond for every 4 MiB unless in a hurry, and one
  /// sync of the directory. One thread at a time may remove large files. A file with another name
  /// besides stays whole under that.
  public func unlink(_ name: String) throws(SystemError) {
    let path = whole(name)
    guard let status = try FileStatus.ofPath(path), status.kind == .regular,
      status.linkCount == 1, status.byteCount > UInt64(Self.pieceBytes),
      !JournalNames.isTemporary(name)
    else { return try FileSystem.unlink(path) }
    let directory = String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
    let aside = directory + JournalNames.removed
    do throws(SystemError) {
      try FileSystem.rename(path, to: aside)
    } catch {
      return try FileSystem.unlink(path)
    }
    // Only what has lost its name for good may be cut; and where it cannot be, it goes at once.
    do throws(SystemError) {
      try Directory.sync(path: directory)
      try shrink(aside, from: Int64(clamping: status.byteCount))
    } catch {}
    try FileSystem.unlink(aside)
  }

  /// A file that is being removed goes at once. Any thread.
  public func hurry() { isInHurry.store(true, ordering: .relaxed) }

  private static let pieceBytes: Int64 = 4 * 1_024 * 1_024

  private func shrink(_ path: String, from byteCount: Int64) throws(SystemError) {
    let file = try Self.file(path, .readWrite(createModeBits: nil))
    var left = byteCount
    while left > Self.pieceBytes, !isInHurry.load(ordering: .relaxed) {
      left -= Self.pieceBytes
      try file.truncate(toByteCount: left)
      SystemClock.wait(millis: 1)
    }
  }

  /// Makes what happened to names durable.
  public func syncDirectory() throws(SystemError) { try Directory.sync(path: path) }

  /// A directory, 0700, its name durable; one that is there is left as it is.
  public func makeDirectory(_ name: String) throws(SystemError) {
    do throws(FileError) {
      try Directory.create(path: whole(name), modeBits: 0o700)
    } catch {
      guard case .system(let error) = error else {
        throw SystemError(errno: .invalid, call: "mkdir", path: whole(name))
      }
      throw error
    }
  }

  /// Durable after `syncDirectory`.
  public func removeDirectory(_ name: String) throws(SystemError) {
    try Directory.remove(path: whole(name))
  }

  /// Names in a directory of this one, sorted by their bytes; a symbolic link to a directory
  /// is refused (ENOTDIR, ELOOP).
  public func list(in directory: String) throws(SystemError) -> [String] {
    try Directory.list(path: whole(directory), followingLinks: false)
  }

  /// Makes what happened to the names in a directory of this one durable.
  public func syncDirectory(_ name: String) throws(SystemError) {
    try Directory.sync(path: whole(name))
  }

  private func whole(_ name: String) -> String { path + "/" + name }

  private func file(_ name: String, _ access: File.Access) throws(SystemError) -> LinuxFile {
    try Self.file(whole(name), access)
  }

  private static func file(
    _ whole: String, _ access: File.Access
  ) throws(SystemError) -> LinuxFile {
    do throws(FileError) {
      return LinuxFile(try File.open(path: whole, access), path: whole)
    } catch {
      guard case .system(let error) = error else {
        throw SystemError(errno: .invalid, call: "open", path: whole)
      }
      throw error
    }
  }
}

/// A file of a `LinuxDisk`; closed when nobody holds it any more.
final class LinuxFile: DiskFile {
  private let descriptor: FileDescriptor
  private let path: String

  init(_ descriptor: consuming FileDescriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  func byteCount() throws(SystemError) -> Int {
    Int(try descriptor.status(path: path).byteCount)
  }

  func read(byteCount: Int, at offset: Int) throws(SystemError) -> [UInt8] {
    try descriptor.read(byteCount: byteCount, at: Int64(offset), path: path)
  }

  /// Invariant: nothing is written behind the target's end.
  @unsafe
  func read(
    into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    try unsafe descriptor.read(into: target, at: Int64(offset), path: path)
  }

  /// A regular file ends, and what a directory is says the read.
  func requireEnd() throws(SystemError) {
    switch try descriptor.status(path: path).kind {
    case .regular, .directory: return
    case .symbolicLink, .socket, .other:
      throw SystemError(errno: .invalid, call: "open", path: path)
    }
  }

  func willRead(byteCount: Int, at offset: Int) {
    descriptor.willRead(byteCount: Int64(byteCount), at: Int64(offset))
  }

  func forget(byteCount: Int, at offset: Int) {
    descriptor.forget(byteCount: Int64(byteCount), at: Int64(offset))
  }

  func write(_ bytes: [UInt8], from start: Int, at offset: Int) throws(SystemError) -> Int {
    let span = unsafe bytes.span.bytes
    let count = try unsafe span.withUnsafeBytes { (raw) throws(SystemError) -> Int in
      try unsafe descriptor.pwrite(
        UnsafeRawBufferPointer(rebasing: raw[start...]), at: Int64(offset), path: path)
    }
    // Not an end that a regular file has; without this a caller would ask for ever.
    if count == 0 { throw SystemError(errno: .inputOutput, call: "pwrite", path: path) }
    return count
  }

  func release(byteCount: Int, at offset: Int) throws(SystemError) {
    try descriptor.release(byteCount: Int64(byteCount), at: Int64(offset), path: path)
  }

  func truncate(toByteCount byteCount: Int64) throws(SystemError) {
    try descriptor.truncate(toByteCount: byteCount, path: path)
  }

  func sync() throws(SystemError) { try descriptor.syncData(path: path) }
}
