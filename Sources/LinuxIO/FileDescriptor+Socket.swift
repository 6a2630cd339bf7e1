internal import CLinux
internal import Glibc

extension FileDescriptor {
  /// Sends some of the bytes on a socket; a vanished peer is `.peerReset`, never SIGPIPE.
  public borrowing func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> IOResult {
    while true {
      let count = unsafe clinux_send(rawValue, bytes.baseAddress, bytes.count)
      if let result = try transferResult(count, "send", zero: .bytes(0)) { return result }
    }
  }

  /// Sends some of `first` followed by `second` in one call (`sendmsg`), for a ring buffer that
  /// wraps.
  public borrowing func send(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) throws(SystemError) -> IOResult {
    while true {
      let count = unsafe clinux_send2(
        rawValue, first.baseAddress, first.count, second.baseAddress, second.count)
      if let result = try transferResult(count, "sendmsg", zero: .bytes(0)) { return result }
    }
  }

  /// Tells the peer that no more will be sent; replies may still be read. A peer that is gone
  /// already is no error.
  public borrowing func shutdownWrites() throws(SystemError) {
    if clinux_shutdown_writes(rawValue) == -1 && errno != ENOTCONN {
      throw failure(errno, "shutdown")
    }
  }

  /// Asks for socket buffers of so many bytes. The kernel doubles the number and caps it at
  /// `net.core.wmem_max` and `rmem_max`.
  public borrowing func setSocketBuffers(byteCount: Int32) throws(SystemError) {
    let raw = rawValue
    try systemCall("setsockopt") { clinux_set_send_buffer(raw, byteCount) }
    try systemCall("setsockopt") { clinux_set_receive_buffer(raw, byteCount) }
  }
}
