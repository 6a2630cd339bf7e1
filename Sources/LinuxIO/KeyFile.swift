internal import CLinux
internal import Glibc

/// A file that holds a secret of fixed size and is nobody else's business.
public enum KeyFile {
  /// Reads the secret straight into locked memory.
  ///
  /// Refused (`FileError.untrusted`, `.wrongSize`) unless it is a regular file, no symbolic link,
  /// owned by the user or root, without any permission for group and others, with one name and of
  /// exactly `byteCount` bytes. A missing file is `.system` with `.notFound`.
  ///
  /// - Parameter user: whose it must be, where that is not the process's user.
  public static func read(
    path: String, byteCount: Int, user: UInt32 = CurrentProcess.effectiveUserID
  ) throws(FileError) -> LockedMemory {
    do {
      let file = try File.open(path: path, .read)
      // Of the open file, so that nobody can swap it between check and use.
      let status = try file.status(path: path)
      try status.requireTrust(.regular, forbiddenBits: 0o077, path: path, user: user)
      try status.requireOneName(path: path)
      if status.byteCount != UInt64(byteCount) {
        throw FileError.wrongSize(
          path: path, foundBytes: status.byteCount, expectedBytes: byteCount)
      }
      var secret = try LockedMemory(byteCount: byteCount)
      try unsafe secret.withMutableBytes { (bytes) throws(FileError) in
        try unsafe fill(bytes, from: file, path)
      }
      return secret
    } catch FileError.system(let error) where error.errno == .symbolicLink {
      throw .untrusted(path: path, .kind(found: .symbolicLink, expected: .regular))
    } catch {
      throw asFileError(error)
    }
  }

  private static func fill(
    _ bytes: UnsafeMutableRawBufferPointer, from file: borrowing FileDescriptor, _ path: String
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count: Int
      do {
        count = try unsafe file.pread(
          into: UnsafeMutableRawBufferPointer(rebasing: bytes[done...]), at: Int64(done),
          path: path)
      } catch {
        throw .system(error)
      }
      // Cut short since its size was read.
      if count == 0 {
        throw .wrongSize(
          path: path, foundBytes: UInt64(done), expectedBytes: bytes.count)
      }
      done += count
    }
  }

  /// Makes the file, 0600, with these bytes, and returns when it is on the disk under its name.
  ///
  /// A file at the path is never touched (`.system` with `.exists`). The bytes are written under
  /// another name first, so that after a crash the file is whole or absent, never short; a
  /// left-over of such a crash, `<path>.new`, is replaced.
  public static func create(
    path: String, bytes: UnsafeRawBufferPointer
  ) throws(FileError) {
    do {
      try checkPath(path, "open")
      if try FileStatus.ofPath(path) != nil {
        throw SystemError(errno: .exists, call: "open", path: path)
      }
      let draft = path + ".new"
      if try FileStatus.ofPath(draft) != nil { try FileSystem.unlink(draft) }
      let file = try File.open(path: draft, .createNew(modeBits: 0o600))
      do {
        try systemCall("fchmod", path: draft) { fchmod(file.rawValue, 0o600) }
        try unsafe file.writeWhole(bytes, at: 0, path: draft)
        try file.sync(path: draft)
        try FileSystem.renameWithoutReplacing(draft, to: path)
      } catch {
        try? FileSystem.unlink(draft)
        throw error
      }
      try Directory.sync(path: splitPath(path).directory)
    } catch {
      throw asFileError(error)
    }
  }
}
