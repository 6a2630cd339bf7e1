internal import LinuxIO
internal import TokenStorage

/// The directory and its files as its owner's start would find them: modes, owners, the lock file,
/// whether they can be read and written. Told from what stands in their inodes, so that root, or
/// somebody with a copy, learns of it what the owner would.
struct VerificationPlace {
  /// Whose start it is: the directory's owner's.
  let owner: UInt32
  /// What a start refuses before it reads the journal, in its order.
  private(set) var before: [VerificationFinding] = []
  /// What stops a start that has read it.
  private(set) var after: [VerificationFinding] = []
  private(set) var notes: [String] = []
  private let path: String

  /// Looks at the directory and at every name in it. Throws where it is none, or cannot be looked
  /// into.
  init(_ path: String) throws(StartError) {
    self.path = path
    let directory: FileStatus
    do throws(FileError) {
      // Without a demand, for what it is.
      directory = try Self.status(path)
    } catch {
      throw Self.unreadable(path, error)
    }
    owner = directory.ownerID
    if owner != CurrentProcess.effectiveUserID {
      notes.append(
        "\(path) belongs to uid \(owner), and this is what a start by that user would say; nobody "
          + "else's would be let go on")
    }
    if (try? FileSystem.isReadOnly(at: path)) == true {
      notes.append(
        "\(path) lies on a read-only file system, where nothing starts; this is what a start on a "
          + "copy of it would say")
    }
    judge(directory)
    judgeLock(directory)
  }

  private static func status(_ path: String) throws(FileError) -> FileStatus {
    let real: String
    let status: FileStatus?
    do throws(SystemError) {
      real = try FileSystem.realPath(path)
      status = try FileStatus.ofPath(real)
    } catch {
      throw .system(error)
    }
    guard let status, status.kind == .directory else {
      throw .system(SystemError(errno: .notADirectory, call: "open", path: path))
    }
    return status
  }

  private static func unreadable(_ path: String, _ error: FileError) -> StartError {
    if case .system(let error) = error, error.errno == .notFound {
      return StartError(.unreadable, "\(path): there is no such directory; check the path")
    }
    return StartError(.unreadable, "directory: \(error)")
  }

  /// What `DataDirectory` demands of it.
  private mutating func judge(_ directory: FileStatus) {
    do throws(FileError) {
      try Directory.requireTrusted(path: path, forbiddenBits: 0o077, user: owner)
    } catch {
      before.append(Self.refusal(".", error, "look at the system's log"))
      return
    }
    if !directory.permits([.read, .search], to: owner) {
      before.append(denied(".", .system, "its owner cannot look into it", "chmod 0700 \(path)"))
    } else if !directory.permits(.write, to: owner) {
      after.append(
        denied(".", .journalFailed, "its owner cannot write to it", "chmod 0700 \(path)"))
    }
  }

  /// What `FileLock` demands of the file that is locked.
  private mutating func judgeLock(_ directory: FileStatus) {
    let lock = path + "/" + Self.lockName
    do throws(FileError) {
      try FileLock.requireUsable(path: lock, by: owner)
      if try !isThere(lock), !directory.permits(.write, to: owner) {
        before.append(
          denied(Self.lockName, .system, "it is missing and cannot be made", "chmod 0700 \(path)"))
      }
    } catch {
      before.append(
        Self.refusal(
          Self.lockName, error, "nothing is in it: remove it, and the next start makes it anew"))
    }
  }

  /// Adds what the journal's files come to.
  ///
  /// - Parameters:
  ///   - read: those that a start reads.
  ///   - written: those of them that it writes to as well.
  ///   - removed: those that it removes.
  mutating func judge(read: [String], written: [String], removed: [String]) {
    for name in removed where (try? FileStatus.ofPath(path + "/" + name))?.kind == .directory {
      after.append(
        denied(
          name, .journalFailed, "it is a directory, and a start removes files of that name",
          "move \(path)/\(name) away"))
    }
    var loose: [String] = []
    var foreign: [String] = []
    for name in read {
      guard let status = try? FileStatus.ofPath(path + "/" + name) else { continue }
      if status.modeBits & 0o077 != 0 { loose.append(name) }
      if status.ownerID != owner { foreign.append(name) }
      let mend = "chown \(owner) \(path)/\(name) and chmod 0600 it"
      if !status.permits(.read, to: owner) {
        before.append(denied(name, .unreadable, "uid \(owner) cannot read it", mend))
      } else if written.contains(name), !status.permits(.readWrite, to: owner) {
        after.append(denied(name, .journalFailed, "uid \(owner) cannot write to it", mend))
      }
    }
    note(loose, "has a mode that gives others access", "chmod 0600")
    note(foreign, "belongs to another user than the directory", "chown \(owner)")
  }

  private mutating func note(_ names: [String], _ found: String, _ advice: String) {
    guard let first = names.first else { return }
    let more = names.count > 1 ? ", and \(names.count - 1) more" : ""
    notes.append("\(first)\(more): \(found); \(advice) \(path)/\(first)")
  }

  private func isThere(_ path: String) throws(FileError) -> Bool {
    do throws(SystemError) {
      return try FileStatus.ofPath(path) != nil
    } catch {
      throw .system(error)
    }
  }

  private func denied(
    _ file: String, _ code: ExitCode, _ found: String, _ advice: String
  ) -> VerificationFinding {
    VerificationFinding(code, file, found, advice)
  }

  private static func refusal(
    _ file: String, _ error: FileError, _ otherwise: String
  ) -> VerificationFinding {
    VerificationFinding(.system, file, error.found, error.remedy ?? otherwise)
  }

  private static let lockName = "LOCK"
}
