import Foundation

/// A directory that goes away with this value. Its path is short enough for sockets.
public final class TemporaryDirectory {
  public let path: String

  public init(mode: Int = 0o700) throws {
    path = "/tmp/signet-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file that only we can read.
  public func write(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    return file
  }
}
