public import LinuxIO

/// A directory of a `Disk` as a disk of its own.
public final class DiskFolder: Disk {
  private let parent: any Disk
  private let name: String

  /// - Parameter name: of a directory that is there.
  public init(_ parent: any Disk, _ name: String) {
    self.parent = parent
    self.name = name
  }

  /// See `Disk`; each call is the parent's with the directory's name before the file's.
  public func list() throws(SystemError) -> [String] { try parent.list(in: name) }

  /// As the parent's.
  public func open(_ name: String, isWritable: Bool) throws(SystemError) -> any DiskFile {
    try parent.open(inside(name), isWritable: isWritable)
  }

  /// As the parent's.
  public func create(_ name: String) throws(SystemError) -> any DiskFile {
    try parent.create(inside(name))
  }

  /// As the parent's.
  public func rename(_ from: String, to: String) throws(SystemError) {
    try parent.rename(inside(from), to: inside(to))
  }

  /// As the parent's.
  public func unlink(_ name: String) throws(SystemError) { try parent.unlink(inside(name)) }

  /// Of this directory; its own name is the parent's.
  public func syncDirectory() throws(SystemError) { try parent.syncDirectory(name) }

  /// As the parent's.
  public func makeDirectory(_ name: String) throws(SystemError) {
    try parent.makeDirectory(inside(name))
  }

  /// As the parent's.
  public func removeDirectory(_ name: String) throws(SystemError) {
    try parent.removeDirectory(inside(name))
  }

  /// As the parent's.
  public func list(in directory: String) throws(SystemError) -> [String] {
    try parent.list(in: inside(directory))
  }

  /// As the parent's.
  public func syncDirectory(_ name: String) throws(SystemError) {
    try parent.syncDirectory(inside(name))
  }

  /// As the parent's, all of it.
  public func hurry() { parent.hurry() }

  private func inside(_ name: String) -> String { self.name + "/" + name }
}
