public import LinuxIO

/// One directory of files: all that the journal asks of the system. `LinuxDisk` is the real one;
/// tests put a simulated one in its place, which loses, tears and refuses.
///
/// Names are single components, or `directory/file` for a file in a directory of this one. Every
/// call may throw a `SystemError` that names the call and file.
public protocol Disk: AnyObject, Sendable {
  /// The names in the directory, sorted by their bytes.
  func list() throws(SystemError) -> [String]
  /// An existing file, for reading and, where `isWritable`, writing.
  func open(_ name: String, isWritable: Bool) throws(SystemError) -> any DiskFile
  /// A new, empty file (0600); EEXIST when there is one.
  func create(_ name: String) throws(SystemError) -> any DiskFile
  /// A file at the new name is replaced in one step.
  func rename(_ from: String, to: String) throws(SystemError)
  func unlink(_ name: String) throws(SystemError)
  /// Puts the names on the disk.
  func syncDirectory() throws(SystemError)

  /// A new, empty directory (0700) in this one; what is there already is left as it is.
  func makeDirectory(_ name: String) throws(SystemError)
  /// Removes an empty directory.
  func removeDirectory(_ name: String) throws(SystemError)
  /// The names in a directory of this one, sorted by their bytes.
  func list(in directory: String) throws(SystemError) -> [String]
  /// Puts the names in a directory of this one on the disk.
  func syncDirectory(_ name: String) throws(SystemError)

  /// From here on nothing is done little by little for others' sake: somebody waits for the end.
  func hurry()
}

extension Disk {
  /// Does nothing.
  public func hurry() {}
}

/// An open file of a `Disk`.
public protocol DiskFile: AnyObject, Sendable {
  func byteCount() throws(SystemError) -> Int
  /// At most `byteCount` bytes; fewer only at the end of the file.
  func read(byteCount: Int, at offset: Int) throws(SystemError) -> [UInt8]
  /// The same into memory; returns how many bytes.
  @unsafe
  func read(
    into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int
  /// These bytes will be read soon: the disk may begin. Advice only.
  func willRead(byteCount: Int, at offset: Int)
  /// These bytes, which are synced, will not be read soon: they need no memory, and who reads them
  /// later reads the disk. Advice only.
  func forget(byteCount: Int, at offset: Int)
  /// Makes zeros of a range that nobody needs, and gives its room back where the disk can; the file
  /// keeps its size. Whether it did is not known before the next sync.
  func release(byteCount: Int, at offset: Int) throws(SystemError)
  /// Writes some of `bytes` from `start` on; returns how many, at least one.
  func write(_ bytes: [UInt8], from start: Int, at offset: Int) throws(SystemError) -> Int
  /// Puts data, and the size if it grew, on the disk. After an error the system may have dropped
  /// what was written and may claim success the next time: stop.
  func sync() throws(SystemError)
}

extension DiskFile {
  /// By way of an array.
  @unsafe
  public func read(
    into target: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SystemError) -> Int {
    let bytes = try read(byteCount: target.count, at: offset)
    unsafe target.copyBytes(from: bytes)
    return bytes.count
  }

  /// Does nothing.
  public func willRead(byteCount: Int, at offset: Int) {}

  /// Does nothing.
  public func forget(byteCount: Int, at offset: Int) {}

  /// Writes all of the bytes. After an error an unknown part of them is written.
  func writeWhole(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      done += try write(bytes, from: done, at: offset + done)
    }
  }
}
