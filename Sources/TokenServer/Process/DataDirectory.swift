internal import LinuxIO

/// The daemon's data directory, held by this process alone while this value lives.
struct DataDirectory: ~Copyable {
  private let lock: FileLock

  /// Makes the directory (0700) if it is missing, refuses one that others may look into, and takes
  /// the lock in it.
  init(path: String) throws(StartError) {
    do throws(FileError) {
      try Directory.create(path: path, modeBits: 0o700)
      try Directory.requireTrusted(path: path, forbiddenBits: 0o077)
    } catch {
      throw StartError(.system, "data directory: \(error)")
    }
    do throws(FileLockError) {
      lock = try FileLock.acquire(path: path + "/LOCK")
    } catch {
      switch error {
      case .held(_, let pid):
        let holder = pid.map { "process \($0)" } ?? "another process"
        throw StartError(
          .inUse,
          "data directory \(path) is in use by \(holder); stop it first, or use another directory")
      case .file(let error): throw StartError(.system, "data directory: \(error)")
      }
    }
  }

  /// The file whose lock says that the directory is in use.
  var lockPath: String { lock.path }
}

/// What `--embedded DIR` needs before anything else.
enum EmbeddedDirectory {
  /// Makes DIR and DIR/run, 0700 both, and refuses a DIR that others may write to.
  static func prepare(path: String) throws(StartError) {
    do throws(FileError) {
      try Directory.create(path: path, modeBits: 0o700)
      try Directory.requireTrusted(path: path)
      try Directory.create(path: path + "/run", modeBits: 0o700)
    } catch {
      throw StartError(.system, "--embedded: \(error)")
    }
  }
}
