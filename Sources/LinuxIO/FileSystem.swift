internal import CLinux
internal import Glibc

/// Names in the file system.
public enum FileSystem {
  /// Renames; a file at the new path is replaced in one step.
  public static func rename(_ from: String, to: String) throws(SystemError) {
    try checkPath(from, "rename")
    try checkPath(to, "rename")
    try systemCall("rename", path: from) { unsafe Glibc.rename(from, to) }
  }

  /// Renames; throws `.exists` when something is at the new path.
  public static func renameWithoutReplacing(_ from: String, to: String) throws(SystemError) {
    try checkPath(from, "rename")
    try checkPath(to, "rename")
    try systemCall("rename", path: to) {
      unsafe clinux_rename_noreplace(AT_FDCWD, from, AT_FDCWD, to)
    }
  }

  /// Removes a name; a directory is refused.
  public static func unlink(_ path: String) throws(SystemError) {
    try checkPath(path, "unlink")
    try systemCall("unlink", path: path) { unsafe Glibc.unlink(path) }
  }

  /// Bytes that an unprivileged process may still write in the file system of `path`.
  public static func freeByteCount(at path: String) throws(SystemError) -> UInt64 {
    try checkPath(path, "statvfs")
    var status = statvfs()
    try systemCall("statvfs", path: path) { unsafe statvfs(path, &status) }
    return UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
      .partialValue
  }

  /// Whether the file system of `path` is mounted so that nothing can be written to it.
  public static func isReadOnly(at path: String) throws(SystemError) -> Bool {
    try checkPath(path, "statvfs")
    var status = statvfs()
    try systemCall("statvfs", path: path) { unsafe statvfs(path, &status) }
    return status.f_flag & UInt(ST_RDONLY) != 0
  }

  /// Where a symbolic link points, as written in it.
  public static func readLink(_ path: String) throws(SystemError) -> String {
    try checkPath(path, "readlink")
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = try systemCall("readlink", path: path) {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
      }
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The absolute path with every link followed, as far as it exists; what does not exist yet stays
  /// as written. A path without a slash is taken as it is.
  public static func realPathSoFar(_ path: String) throws(SystemError) -> String {
    do {
      return try realPath(path)
    } catch {
      let (directory, name) = splitPath(path)
      guard error.errno == .notFound, directory != ".", directory != path else { throw error }
      let above = try realPathSoFar(directory)
      return above == "/" ? "/" + name : above + "/" + name
    }
  }

  /// The absolute path with every link followed; everything on it must exist.
  public static func realPath(_ path: String) throws(SystemError) -> String {
    try checkPath(path, "realpath")
    guard let resolved = unsafe realpath(path, nil) else {
      throw failure(errno, "realpath", path: path)
    }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
