internal import LinuxIO

/// A listening socket of the daemon, bound.
final class ServerSocket {
  let configuration: ListenerConfiguration
  let listener: UnixListener

  /// Makes the socket's directory if it is missing (0755: the socket's own mode decides who may
  /// connect), refuses one in which others could put a socket of their own, then binds.
  ///
  /// `groupNumber` answers nil for a group that the system does not know.
  init(
    _ configuration: ListenerConfiguration, groupNumber: (String) -> UInt32?
  ) throws(StartError) {
    self.configuration = configuration
    let directory = Self.directory(of: configuration.path)
    do throws(FileError) {
      try Directory.create(path: directory, modeBits: 0o755)
      try Directory.requireTrusted(path: directory)
    } catch {
      throw StartError(.system, "socket \(configuration.path): \(error)")
    }
    let groupID = try Self.groupID(configuration, groupNumber)
    do throws(SocketError) {
      listener = try UnixListener.bind(
        path: configuration.path, modeBits: configuration.mode, groupID: groupID)
    } catch {
      switch error {
      case .alreadyServed, .startInProgress: throw StartError(.inUse, "\(error)")
      default: throw StartError(.system, "\(error)")
      }
    }
  }

  private static func groupID(
    _ configuration: ListenerConfiguration, _ groupNumber: (String) -> UInt32?
  ) throws(StartError) -> UInt32? {
    switch configuration.group {
    case nil: return nil
    case .number(let number)?: return number
    case .name(let name)?:
      if let number = groupNumber(name) { return number }
      throw StartError(
        .usage,
        "socket \(configuration.path): group=\(name) names no group of this system; "
          + "create the group, correct the name, or use its number")
    }
  }

  /// The directory part of a plain absolute path.
  static func directory(of path: String) -> String {
    let bytes = Array(path.utf8)
    let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
    return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  }
}
