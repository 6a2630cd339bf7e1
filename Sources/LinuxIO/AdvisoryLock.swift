internal import Glibc

/// An flock on an open file, given up when this value goes away.
///
/// Given up by name and not by closing alone: a process that another thread starts holds a
/// duplicate of the descriptor until its exec, and with it the lock.
struct AdvisoryLock: ~Copyable, Sendable {
  let descriptor: FileDescriptor

  enum Attempt: ~Copyable {
    case taken(AdvisoryLock)
    case held(FileDescriptor)
  }

  /// Takes the lock on the file, exclusively and without waiting, or hands the file back.
  static func attempt(
    _ file: consuming FileDescriptor, path: String
  ) throws(SystemError) -> Attempt {
    while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return .held(file) }
      if errno != EINTR { throw failure(errno, "flock", path: path) }
    }
    return .taken(AdvisoryLock(descriptor: file))
  }

  deinit { flock(descriptor.rawValue, LOCK_UN) }
}
