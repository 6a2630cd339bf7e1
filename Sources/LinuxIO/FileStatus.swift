internal import Glibc

/// What the kernel knows about a file (stat).
public struct FileStatus: Equatable, Sendable {
  /// What the file is; the raw value names it in messages.
  public enum Kind: String, Sendable {
    case regular = "a regular file"
    case directory = "a directory"
    case symbolicLink = "a symbolic link"
    case socket = "a socket"
    case other = "a device or pipe"
  }

  public let kind: Kind
  /// The low twelve bits of the mode: set-id, sticky, and the nine permission bits.
  public let modeBits: UInt32
  public let ownerID: UInt32
  public let groupID: UInt32
  public let linkCount: UInt64
  public let byteCount: UInt64
  /// Device and inode: which file it is.
  public let identity: FileIdentity

  init(_ raw: stat) {
    kind =
      switch raw.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFSOCK: .socket
      default: .other
      }
    modeBits = raw.st_mode & 0o7777
    ownerID = raw.st_uid
    groupID = raw.st_gid
    linkCount = UInt64(raw.st_nlink)
    byteCount = UInt64(max(raw.st_size, 0))
    identity = FileIdentity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
  }

  /// Of a path, links not followed; nil when nothing is there.
  public static func ofPath(_ path: String) throws(SystemError) -> FileStatus? {
    try checkPath(path, "stat")
    return try named(path, AT_FDCWD, path: path)
  }

  /// Of a name in an open directory, links not followed; nil when nothing is there.
  static func ofName(
    _ name: String, in directory: borrowing FileDescriptor, path: String
  ) throws(SystemError) -> FileStatus? {
    try named(name, directory.rawValue, path: path)
  }

  private static func named(
    _ name: String, _ directory: Int32, path: String
  ) throws(SystemError) -> FileStatus? {
    var raw = stat()
    if unsafe fstatat(directory, name, &raw, AT_SYMLINK_NOFOLLOW) == 0 { return FileStatus(raw) }
    if errno == ENOENT { return nil }
    throw failure(errno, "stat", path: path)
  }
}

/// Which file, whatever its names.
public struct FileIdentity: Hashable, Sendable {
  public let device: UInt64
  public let inode: UInt64
}

extension FileDescriptor {
  /// The open file's status; `path` only names it in the error.
  public borrowing func status(path: String? = nil) throws(SystemError) -> FileStatus {
    var raw = stat()
    if unsafe fstat(rawValue, &raw) != 0 { throw failure(errno, "fstat", path: path) }
    return FileStatus(raw)
  }
}
