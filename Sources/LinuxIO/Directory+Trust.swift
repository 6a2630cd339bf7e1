extension Directory {
  /// Refuses a directory in which others could replace files: it must be owned by the process's
  /// user or root, and be writable by nobody else. Returns its status.
  ///
  /// So must everything on the way to it, symbolic links followed: whoever may rename a directory
  /// above, or owns a link, decides what the path means tomorrow. There, a sticky directory may be
  /// writable by all (`/tmp`: names in it stay their owners'), and one of the process's own user by
  /// that user's private group.
  ///
  /// - Parameters:
  ///   - forbiddenBits: mode bits of the directory itself that must be clear; 0o077 for one that
  ///     others may not even look into.
  ///   - user: who is to trust it, where that is not the process's user.
  @discardableResult
  public static func requireTrusted(
    path: String, forbiddenBits: UInt32 = 0o022, user: UInt32 = CurrentProcess.effectiveUserID
  ) throws(FileError) -> FileStatus {
    do {
      try checkPath(path, "open")
      let walk = try PathWalk(to: trimmed(path))
      if walk.steps.last?.finding == .missing {
        throw SystemError(errno: .notFound, call: "open", path: path)
      }
      // What the walk may not see, open refuses. A file is what it is not.
      if let found = walk.last, found.kind != .directory {
        throw FileError.untrusted(path: path, .kind(found: found.kind, expected: .directory))
      }
      let status = try openDirectory(trimmed(path), followingLinks: true).status(path: path)
      try status.requireTrust(.directory, forbiddenBits: forbiddenBits, path: path, user: user)
      try requireTrustedWay(walk, to: status, user)
      return status
    } catch {
      throw asFileError(error)
    }
  }

  private static func requireTrustedWay(
    _ walk: PathWalk, to end: FileStatus, _ user: UInt32
  ) throws(FileError) {
    for link in walk.links {
      try link.status.requireTrust(
        .symbolicLink, forbiddenBits: 0, path: link.path, user: user)
    }
    for step in walk.steps {
      guard case .found(let status) = step.finding, status.identity != end.identity else {
        continue
      }
      let isHarmless = status.modeBits & 0o1000 != 0 || isWrittenByGroupOnly(status, of: user)
      try status.requireTrust(
        .directory, forbiddenBits: isHarmless ? 0 : 0o022, path: step.path, user: user)
    }
  }

  /// Whether only the group may write besides the owner, and nobody else is in that group.
  private static func isWrittenByGroupOnly(_ status: FileStatus, of owner: UInt32) -> Bool {
    guard status.modeBits & 0o022 == 0o020, status.ownerID == owner,
      let user = try? UserAccount.find(id: status.ownerID),
      let group = try? GroupAccount.find("\(status.groupID)")
    else { return false }
    return group.isPrivate(to: user)
  }
}
