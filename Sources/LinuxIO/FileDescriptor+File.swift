internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Reads at an offset; the number of bytes, 0 at the end of the file.
  public borrowing func pread(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64, path: String? = nil
  ) throws(SystemError) -> Int {
    let raw = rawValue
    return try systemCall("pread", path: path) {
      unsafe Glibc.pread(raw, buffer.baseAddress, buffer.count, off_t(offset))
    }
  }

  /// Has the system begin to read a range into its cache, and returns at once. Advice: nothing
  /// comes of an error.
  public borrowing func willRead(byteCount: Int64, at offset: Int64) {
    _ = posix_fadvise(rawValue, off_t(offset), off_t(byteCount), POSIX_FADV_WILLNEED)
  }

  /// Has the system drop a range, if it is on the disk, from its cache. Advice: nothing comes of an
  /// error.
  public borrowing func forget(byteCount: Int64, at offset: Int64) {
    _ = posix_fadvise(rawValue, off_t(offset), off_t(byteCount), POSIX_FADV_DONTNEED)
  }

  /// Writes at an offset; the number of bytes, which may be fewer than given.
  public borrowing func pwrite(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64, path: String? = nil
  ) throws(SystemError) -> Int {
    let raw = rawValue
    return try systemCall("pwrite", path: path) {
      unsafe Glibc.pwrite(raw, bytes.baseAddress, bytes.count, off_t(offset))
    }
  }

  /// Writes all of the bytes at an offset. After an error an unknown part is written.
  public borrowing func writeWhole(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64, path: String? = nil
  ) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      done += try unsafe pwrite(
        UnsafeRawBufferPointer(rebasing: bytes[done...]), at: offset + Int64(done), path: path)
    }
  }

  /// Writes all of the bytes at an offset.
  public borrowing func writeWhole(
    _ bytes: [UInt8], at offset: Int64, path: String? = nil
  ) throws(SystemError) {
    let span = unsafe bytes.span.bytes
    try unsafe span.withUnsafeBytes { (raw) throws(SystemError) in
      try unsafe writeWhole(raw, at: offset, path: path)
    }
  }

  /// Reads until the buffer is full or the file ends; the number of bytes.
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int64, path: String? = nil
  ) throws(SystemError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try unsafe pread(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: offset + Int64(done),
        path: path)
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Reads until `byteCount` bytes or the end of the file.
  public borrowing func read(
    byteCount: Int, at offset: Int64, path: String? = nil
  ) throws(SystemError) -> [UInt8] {
    var failed: SystemError?
    // Not zeroed first: this may be tens of megabytes, each byte of which is written once.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, done in
      do throws(SystemError) {
        done = try unsafe read(
          into: UnsafeMutableRawBufferPointer(buffer), at: offset, path: path)
      } catch {
        failed = error
      }
    }
    if let failed { throw failed }
    return bytes
  }

  /// Puts data and metadata on the disk (fsync). An error means that earlier writes may be lost,
  /// and a second call may claim success wrongly: stop.
  public borrowing func sync(path: String? = nil) throws(SystemError) {
    let raw = rawValue
    try systemCall("fsync", path: path) { fsync(raw) }
  }

  /// Puts data, and the size if it grew, on the disk (fdatasync). Errors as for `sync`.
  public borrowing func syncData(path: String? = nil) throws(SystemError) {
    let raw = rawValue
    try systemCall("fdatasync", path: path) { fdatasync(raw) }
  }

  /// Cuts or extends the file; new bytes are zero.
  public borrowing func truncate(
    toByteCount byteCount: Int64, path: String? = nil
  ) throws(SystemError) {
    let raw = rawValue
    try systemCall("ftruncate", path: path) { ftruncate(raw, off_t(byteCount)) }
  }

  /// Takes disk blocks for a range and extends the file over it (fallocate), so that later writes
  /// there cannot fail for want of space. Throws `.notSupported` where the file system cannot.
  public borrowing func allocate(
    byteCount: Int64, at offset: Int64, path: String? = nil
  ) throws(SystemError) {
    let raw = rawValue
    try systemCall("fallocate", path: path) { clinux_allocate(raw, offset, byteCount) }
  }

  /// Gives the disk blocks of a range back, which reads as zeros from then on; the file keeps its
  /// size. Throws `.notSupported` where the file system cannot.
  public borrowing func release(
    byteCount: Int64, at offset: Int64, path: String? = nil
  ) throws(SystemError) {
    let raw = rawValue
    try systemCall("fallocate", path: path) { clinux_release(raw, offset, byteCount) }
  }
}
