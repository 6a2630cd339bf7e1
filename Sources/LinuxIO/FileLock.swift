/// A lock file could not be taken.
public enum FileLockError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Another process, or another part of this one, holds it. The pid is what it wrote there, nil
  /// when it wrote none.
  case held(path: String, pid: Int32?)
  case file(FileError)

  public var description: String {
    switch self {
    case .held(let path, let pid?):
      "\(printable(path)) is locked by process \(pid); stop it first, or use another directory"
    case .held(let path, nil):
      "\(printable(path)) is locked by another process; stop it first, or use another directory"
    case .file(let error): error.description
    }
  }
}

/// The right to a directory, as a lock on a file in it (flock). The kernel gives it up when the
/// process dies, so a crash leaves nothing to clean away; the file itself stays.
public struct FileLock: ~Copyable, Sendable {
  private let lock: AdvisoryLock
  /// The lock file.
  public let path: String

  /// Takes the lock or throws `.held` at once. Makes the file, 0600, when it is not there, and
  /// writes the process's id into it.
  public static func acquire(path: String) throws(FileLockError) -> FileLock {
    do {
      let file = try File.open(path: path, .readWrite(createModeBits: 0o600))
      let status = try file.status(path: path)
      try status.requireTrust(.regular, forbiddenBits: 0o022, path: path)
      // The pid is written into it.
      try status.requireOneName(path: path)
      switch try AdvisoryLock.attempt(file, path: path) {
      case .held(let file): throw FileLockError.held(path: path, pid: holder(file))
      case .taken(let lock):
        try lock.descriptor.truncate(toByteCount: 0, path: path)
        try lock.descriptor.writeWhole(
          Array("\(CurrentProcess.id)\n".utf8), at: 0, path: path)
        return FileLock(lock: lock, path: path)
      }
    } catch {
      switch error {
      case let error as FileLockError: throw error
      case let error as FileError: throw .file(error)
      case let error as SystemError: throw .file(.system(error))
      default: fatalError("unreachable: \(error)")
      }
    }
  }

  /// Throws what `acquire` would refuse in a process of that user, as far as the file's status
  /// tells; the file is not opened. Nothing where there is no file yet.
  public static func requireUsable(path: String, by user: UInt32) throws(FileError) {
    do {
      guard let status = try FileStatus.ofPath(path) else { return }
      try status.requireTrust(.regular, forbiddenBits: 0o022, path: path, user: user)
      try status.requireOneName(path: path)
      if !status.permits(.readWrite, to: user) {
        throw SystemError(errno: .accessDenied, call: "open", path: path)
      }
    } catch {
      throw asFileError(error)
    }
  }

  /// Takes the lock where its file is there, or throws `.held` at once, and writes nothing. nil
  /// where there is no file, or none that we may read: then nobody's lock can be seen.
  public static func acquireExisting(path: String) throws(FileLockError) -> FileLock? {
    do {
      let file = try File.open(path: path, .read)
      switch try AdvisoryLock.attempt(file, path: path) {
      case .held(let file): throw FileLockError.held(path: path, pid: holder(file))
      case .taken(let lock): return FileLock(lock: lock, path: path)
      }
    } catch {
      switch error {
      case let error as FileLockError: throw error
      case FileError.system(let error)
      where error.errno == .notFound || error.errno == .accessDenied:
        return nil
      case let error as FileError: throw .file(error)
      case let error as SystemError: throw .file(.system(error))
      default: fatalError("unreachable: \(error)")
      }
    }
  }

  /// The pid in the file, nil when there is none.
  private static func holder(_ file: borrowing FileDescriptor) -> Int32? {
    guard let bytes = try? file.read(byteCount: 16, at: 0) else { return nil }
    let text = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return Int32(text)
  }
}
