// LinuxIO: every system call of Signet, wrapped once.
//
// What happens to an errno, everywhere in this module:
//
//   EINTR                 the call is made again. Two exceptions: `close`, where Linux has closed
//                         the descriptor already, and `epoll_wait`, which reports "nothing ready"
//                         so that the loop re-reads its clock.
//   EAGAIN                a value: `.wouldBlock`, nil or false. It is what a non-blocking
//                         descriptor says in the normal course.
//   EPIPE, ECONNRESET     a value on reads and sends: `.peerReset`. Peers go away.
//   EBADF, EFAULT,        a trap. The descriptor or the memory belongs to us, so only a bug of ours
//   ENOTSOCK and the like produces them, and a process that works on the wrong descriptor must not
//                         go on.
//   EMFILE, ENFILE,       a value in `accept`, `.descriptorsExhausted`: the server must go on.
//   ENOBUFS, ENOMEM
//   everything else       `throws(SystemError)`, which names the call and the path. `SocketError`
//                         and `FileError` add the findings that have a remedy of their own.
//
// Descriptors are close-on-exec from birth, and owned: `FileDescriptor` closes in its `deinit`.
// No socket send raises SIGPIPE. Nothing here keeps global state, except where a call itself is
// global to the process and says so (`CurrentProcess`, `SignalSource`).
internal import Glibc

/// Makes a call until no signal interrupts it. -1 becomes a `SystemError`, or a trap when the errno
/// can only mean a bug.
@inline(__always)
@discardableResult
func systemCall<Result: SignedInteger & FixedWidthInteger>(
  _ call: StaticString, path: String? = nil, _ body: () -> Result
) throws(SystemError) -> Result {
  while true {
    let result = body()
    if result != -1 { return result }
    let code = errno
    if code != EINTR { throw failure(code, call, path: path) }
  }
}

/// The error for an errno; traps for those that only a bug of ours can produce.
func failure(_ code: Int32, _ call: StaticString, path: String? = nil) -> SystemError {
  switch code {
  case EBADF, EFAULT, ENOTSOCK, EDESTADDRREQ, EISCONN, EAFNOSUPPORT:
    fatalError("\(call): \(Errno(rawValue: code)): a bug of this program")
  default:
    return SystemError(errno: Errno(rawValue: code), call: "\(call)", path: path)
  }
}

/// The value or error of a transfer that returned `count`; nil means "interrupted, try again".
@inline(__always)
func transferResult(
  _ count: Int, _ call: StaticString, zero: IOResult
) throws(SystemError) -> IOResult? {
  if count > 0 { return .bytes(count) }
  if count == 0 { return zero }
  switch errno {
  case EINTR: return nil
  case EAGAIN: return .wouldBlock
  case EPIPE, ECONNRESET: return .peerReset
  case let code: throw failure(code, call)
  }
}

/// Refuses a path that C would cut short. Everything that takes a path calls this first.
func checkPath(_ path: String, _ call: StaticString) throws(SystemError) {
  if path.isEmpty { throw SystemError(errno: .notFound, call: "\(call)", path: path) }
  if path.utf8.contains(0) { throw SystemError(errno: .invalid, call: "\(call)", path: path) }
}
