internal import CLinux
internal import Glibc

/// A socket's path, split into its directory, held open, and a name in it.
///
/// A socket address holds 107 bytes of path. A longer path goes through the open directory, as
/// `/proc/self/fd/N/name`. Invariant: `name` is one component, neither `.` nor `..`.
struct SocketPath: ~Copyable {
  /// Longest last component: what `/proc/self/fd/2147483647/` leaves of 107 bytes.
  static let nameByteLimit = 82
  private static let addressByteLimit = 107

  let path: String
  let name: String
  /// Opened with O_PATH: good for the `...at` calls, and for nothing else.
  let directory: FileDescriptor

  init(_ path: String) throws(SocketError) {
    let bytes = path.utf8
    if bytes.first == 0 || bytes.first == UInt8(ascii: "@") { throw .abstractName(path) }
    if bytes.contains(0) { throw .invalidPath(path) }
    let (directoryPath, name) = splitPath(path)
    if name.isEmpty || name == "." || name == ".." { throw .invalidPath(path) }
    if bytes.count > Self.addressByteLimit && name.utf8.count > Self.nameByteLimit {
      throw .nameTooLong(path)
    }
    let raw = try socketCall("open", path: directoryPath) {
      unsafe clinux_open_path_directory(directoryPath)
    }
    directory = FileDescriptor(owning: raw)
    self.path = path
    self.name = name
  }

  /// The path to give to bind or connect: the user's own where it fits, so that `ss` and `lsof`
  /// show it.
  var address: String {
    path.utf8.count <= Self.addressByteLimit
      ? path : "/proc/self/fd/\(directory.rawValue)/\(name)"
  }

  /// What is at the path itself, links not followed; nil when nothing is.
  func status() throws(SocketError) -> FileStatus? {
    do {
      return try FileStatus.ofName(name, in: directory, path: path)
    } catch {
      throw .system(error)
    }
  }

  func unlink() throws(SocketError) {
    try socketCall("unlink", path: path) { unsafe unlinkat(directory.rawValue, name, 0) }
  }
}

/// Directory and last component: `/a/b` is `/a` and `b`, `b` is `.` and `b`, `/b` is `/` and `b`.
func splitPath(_ path: String) -> (directory: String, name: String) {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
  let name = String(path[path.utf8.index(after: slash)...])
  return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
}
