internal import CLinux
internal import Glibc

/// The three descriptors that every process starts with. Unbuffered: each call is a system call.
public enum StandardStream: Int32, Sendable {
  case input = 0
  case output = 1
  case error = 2

  /// Writes all of the bytes, waiting where the stream does not block. Throws `.brokenPipe` when
  /// the reader is gone (call `Signal.ignoreBrokenPipes` first).
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    try writeAll(bytes, to: rawValue)
  }

  /// Writes all of the text's UTF-8.
  public func write(_ text: String) throws(SystemError) { try write(Array(text.utf8)) }

  /// Reads to the end, at most `limitBytes`; throws `.fileTooLarge` when there is more.
  public func readWhole(limitBytes: Int) throws(SystemError) -> [UInt8] {
    try readAll(from: rawValue, limitBytes: limitBytes)
  }

  /// True when a person is at the other end.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Columns of the terminal; nil when it is none or does not know.
  public var terminalColumns: Int? {
    let columns = clinux_terminal_columns(rawValue)
    return columns > 0 ? Int(columns) : nil
  }
}

/// Writes everything to a file, pipe or terminal that may be non-blocking.
func writeAll(_ bytes: [UInt8], to raw: Int32) throws(SystemError) {
  let span = unsafe bytes.span.bytes
  try unsafe span.withUnsafeBytes { (buffer) throws(SystemError) in
    var done = 0
    while done < buffer.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[done...])
      let count = unsafe Glibc.write(raw, rest.baseAddress, rest.count)
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        waitUntilReady(raw, Int16(POLLOUT))
      } else if errno != EINTR {
        throw failure(errno, "write")
      }
    }
  }
}

/// Reads everything from a file, pipe or terminal that may be non-blocking.
func readAll(from raw: Int32, limitBytes: Int) throws(SystemError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16384)
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes {
      unsafe Glibc.read(raw, $0.baseAddress, $0.count)
    }
    if count == 0 { return bytes }
    if count > 0 {
      bytes += chunk.prefix(count)
      if bytes.count > limitBytes { throw SystemError(errno: .fileTooLarge, call: "read") }
    } else if errno == EAGAIN {
      waitUntilReady(raw, Int16(POLLIN))
    } else if errno != EINTR {
      throw failure(errno, "read")
    }
  }
}

/// Returns when the descriptor is ready or a signal came; the caller tries again either way.
private func waitUntilReady(_ raw: Int32, _ events: Int16) {
  var entry = pollfd(fd: raw, events: events, revents: 0)
  _ = unsafe poll(&entry, 1, -1)
}
