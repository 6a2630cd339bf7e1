internal import Glibc

/// Opening and reading files. Symbolic links are not followed in the last component.
public enum File {
  /// How to open.
  public enum Access: Equatable, Sendable {
    /// What exists.
    case read
    /// What exists, or a new file with these permission bits (less the umask).
    case readWrite(createModeBits: UInt32?)
    /// A new file; EEXIST when there is one.
    case createNew(modeBits: UInt32)
    /// Writes always go to the end; made when absent.
    case append(createModeBits: UInt32)
  }

  /// Opens a file, close-on-exec. A symbolic link at the path is `.system` with `.symbolicLink`; a
  /// pipe or device does not make it wait.
  public static func open(
    path: String, _ access: Access
  ) throws(FileError) -> FileDescriptor {
    do {
      try checkPath(path, "open")
    } catch {
      throw .system(error)
    }
    let (flags, modeBits) = flags(access)
    let common = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
    let raw = try fileCall("open", path: path) {
      unsafe Glibc.open(path, flags | common, mode_t(modeBits))
    }
    return FileDescriptor(owning: raw)
  }

  /// The whole of a regular file of at most `limitBytes`. The link at the path itself is followed
  /// only when asked, as for files that an operator names.
  public static func readWhole(
    path: String, limitBytes: Int, followingLinks: Bool = false
  ) throws(FileError) -> [UInt8] {
    var target = path
    if followingLinks {
      do {
        target = try FileSystem.realPath(path)
      } catch {
        throw .system(error)
      }
    }
    let file = try open(path: target, .read)
    do {
      let status = try file.status(path: path)
      if status.kind != .regular {
        throw FileError.untrusted(path: path, .kind(found: status.kind, expected: .regular))
      }
      // One byte more than the size, to see the end. More than that only where the file has grown
      // since, or has no size to tell, as in /proc.
      var bytes: [UInt8] = []
      var wanted = Int(min(status.byteCount, UInt64(limitBytes))) + 1
      while wanted > 0 {
        let part = try file.read(byteCount: wanted, at: Int64(bytes.count), path: path)
        bytes += part
        if part.count < wanted { return bytes }
        if bytes.count > limitBytes { break }
        wanted = min(65536, limitBytes - bytes.count + 1)
      }
      throw FileError.tooLarge(path: path, limitBytes: limitBytes)
    } catch {
      throw asFileError(error)
    }
  }

  private static func flags(_ access: Access) -> (Int32, UInt32) {
    switch access {
    case .read: (O_RDONLY, 0)
    case .readWrite(nil): (O_RDWR, 0)
    case .readWrite(let modeBits?): (O_RDWR | O_CREAT, modeBits)
    case .createNew(let modeBits): (O_RDWR | O_CREAT | O_EXCL, modeBits)
    case .append(let modeBits): (O_WRONLY | O_APPEND | O_CREAT, modeBits)
    }
  }
}

/// The two errors of this module's file code as one type.
func asFileError(_ error: any Error) -> FileError {
  switch error {
  case let error as FileError: error
  case let error as SystemError: .system(error)
  default: fatalError("unreachable: \(error)")
  }
}
