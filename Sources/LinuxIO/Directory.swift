internal import Glibc

/// Directories: making, checking and listing them.
public enum Directory {
  /// Makes a directory with exactly these permission bits, whatever the umask, and writes its name
  /// to disk. False when a directory (or a link to one) is there already, which is left as it is:
  /// check it with `requireTrusted`.
  ///
  /// - Parameter parents: makes the missing directories above it too, with the same bits.
  @discardableResult
  public static func create(
    path: String, modeBits: UInt32, parents: Bool = false
  ) throws(FileError) -> Bool {
    precondition(modeBits & ~0o777 == 0, "permission bits only")
    do {
      try checkPath(path, "mkdir")
      return try create(trimmed(path), modeBits, parents)
    } catch {
      throw .system(error)
    }
  }

  private static func create(
    _ path: String, _ modeBits: UInt32, _ parents: Bool
  ) throws(SystemError) -> Bool {
    let parent = splitPath(path).directory
    if unsafe mkdir(path, modeBits) != 0 {
      switch errno {
      case EEXIST:
        // Anything but a directory fails here with ENOTDIR.
        _ = try openDirectory(path, followingLinks: true)
        return false
      case ENOENT where parents && parent != path:
        _ = try create(parent, modeBits, true)
        return try create(path, modeBits, false)
      case let code: throw failure(code, "mkdir", path: path)
      }
    }
    let made = try openDirectory(path, followingLinks: false)
    try systemCall("chmod", path: path) { fchmod(made.rawValue, modeBits) }
    try sync(path: parent)
    return true
  }

  /// Writes the directory's names to disk (fsync): after making, renaming or removing files in it.
  public static func sync(path: String) throws(SystemError) {
    try checkPath(path, "open")
    try openDirectory(path, followingLinks: true).sync(path: path)
  }

  /// The names in a directory, sorted by their bytes, without `.` and `..`. Bytes that are no UTF-8
  /// come out as U+FFFD, and such a name cannot be opened again.
  ///
  /// - Parameter followingLinks: false refuses a symbolic link in place of the directory.
  public static func list(
    path: String, followingLinks: Bool = true
  ) throws(SystemError) -> [String] {
    try checkPath(path, "opendir")
    if !followingLinks { _ = try openDirectory(path, followingLinks: false) }
    guard let stream = unsafe opendir(path) else { throw failure(errno, "opendir", path: path) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      // The end and an error look alike but for errno.
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw failure(errno, "readdir", path: path) }
        break
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes an empty directory.
  public static func remove(path: String) throws(SystemError) {
    try checkPath(path, "rmdir")
    try systemCall("rmdir", path: path) { unsafe rmdir(path) }
  }

  static func openDirectory(
    _ path: String, followingLinks: Bool
  ) throws(SystemError) -> FileDescriptor {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followingLinks ? 0 : O_NOFOLLOW)
    return FileDescriptor(
      owning: try systemCall("open", path: path) { unsafe open(path, flags) })
  }

  /// Without slashes at the end, which would hide the last component.
  static func trimmed(_ path: String) -> String {
    var bytes = Substring(path)
    while bytes.utf8.count > 1 && bytes.hasSuffix("/") { bytes.removeLast() }
    return String(bytes)
  }
}
