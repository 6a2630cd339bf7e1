/// What a process may do with a file.
public struct FilePermission: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let search = FilePermission(rawValue: 1)
  public static let write = FilePermission(rawValue: 2)
  public static let read = FilePermission(rawValue: 4)
  public static let readWrite: FilePermission = [.read, .write]
}

extension FileStatus {
  /// Whether the mode lets a process of that user do all of it. The user's groups are those of its
  /// account; access control lists and capabilities are not looked at, and root may do everything.
  public func permits(_ wanted: FilePermission, to user: UInt32) -> Bool {
    if user == 0 { return true }
    if user == ownerID { return granted(byBitsFrom: 6).isSuperset(of: wanted) }
    let account = try? UserAccount.find(id: user)
    let isInGroup = (try? account?.groupIDs())?.contains(groupID) ?? false
    return granted(byBitsFrom: isInGroup ? 3 : 0).isSuperset(of: wanted)
  }

  private func granted(byBitsFrom shift: UInt32) -> FilePermission {
    FilePermission(rawValue: modeBits >> shift & 0o7)
  }
}
