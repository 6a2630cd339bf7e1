internal import Glibc

/// A file descriptor with one owner: it closes when the owner goes away.
///
/// Not copyable, so a descriptor cannot be closed twice or used after its number went to another
/// file. It may move to another thread; the kernel serialises calls on it.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The number. Valid while this value lives; for `Epoll`, `poll` and log lines.
  public let rawValue: Int32

  /// Takes ownership of an open descriptor.
  public init(owning rawValue: Int32) {
    precondition(rawValue >= 0, "a descriptor number is never negative")
    self.rawValue = rawValue
  }

  deinit {
    // Never retried: Linux has closed it even when close says EINTR. Errors of the data show at
    // fsync, which everything durable calls first.
    if close(rawValue) == -1 && errno == EBADF {
      fatalError("close: a descriptor was closed behind its owner's back")
    }
  }

  /// Gives up ownership without closing.
  public consuming func release() -> Int32 {
    let raw = rawValue
    discard self
    return raw
  }

  /// A second descriptor for the same open file, close-on-exec.
  public borrowing func duplicate() throws(SystemError) -> FileDescriptor {
    let raw = rawValue
    return FileDescriptor(
      owning: try systemCall("fcntl") { fcntl(raw, F_DUPFD_CLOEXEC, 0) })
  }

  /// Makes reads and writes answer `.wouldBlock` in place of waiting, or the reverse.
  public borrowing func setNonBlocking(_ isNonBlocking: Bool) throws(SystemError) {
    let raw = rawValue
    let flags = try systemCall("fcntl") { fcntl(raw, F_GETFL) }
    let wanted = isNonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
    if wanted != flags { try systemCall("fcntl") { fcntl(raw, F_SETFL, wanted) } }
  }

  /// Reads at most `buffer.count` bytes, which must not be zero.
  public borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> IOResult {
    precondition(buffer.count > 0, "a read into nothing looks like the end of file")
    while true {
      let count = unsafe Glibc.read(rawValue, buffer.baseAddress, buffer.count)
      if let result = try transferResult(count, "read", zero: .endOfFile) { return result }
    }
  }

  /// Writes some of the bytes to a file or pipe. For sockets use `send`, which raises no SIGPIPE.
  public borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> IOResult {
    while true {
      let count = unsafe Glibc.write(rawValue, bytes.baseAddress, bytes.count)
      if let result = try transferResult(count, "write", zero: .bytes(0)) { return result }
    }
  }

  /// Writes some of `first` followed by `second` in one call (`writev`).
  public borrowing func write(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) throws(SystemError) -> IOResult {
    var parts: InlineArray<2, iovec> = unsafe [
      iovec(
        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
      iovec(
        iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count),
    ]
    var span = unsafe parts.mutableSpan
    while true {
      let count = unsafe span.withUnsafeMutableBufferPointer {
        unsafe writev(rawValue, $0.baseAddress, 2)
      }
      if let result = try transferResult(count, "writev", zero: .bytes(0)) { return result }
    }
  }
}
