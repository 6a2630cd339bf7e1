internal import LinuxIO
internal import TokenCrypto

/// The root key's file: read with every suspicion, made on the first start.
enum RootKeyFile {
  /// The key in the file. When there is no file, a new key is drawn, written (0600) and on the disk
  /// before this returns; `isNew` says so.
  ///
  /// Refused: a directory in which others could replace the file, a file with an unsafe mode, owner
  /// or second name, a link, a wrong size, and a path that leads into one of the directories whose
  /// copies must not hold the key.
  static func open(
    path: String, outside directories: [String]
  ) throws(StartError) -> (key: RootKey, isNew: Bool) {
    let directory = ServerSocket.directory(of: path)
    do throws(FileError) {
      try Directory.requireTrusted(path: directory)
      try refuse(path, in: directory, within: directories)
      do throws(FileError) {
        return (try read(path), false)
      } catch .system(let error) where error.errno == .notFound {
        return (try create(path), true)
      }
    } catch {
      throw StartError(.keyFile, "root key file: \(error)")
    }
  }

  private static func read(_ path: String) throws(FileError) -> RootKey {
    let memory = try KeyFile.read(path: path, byteCount: RootKey.length)
    let key = unsafe memory.withBytes { bytes in
      let span = unsafe bytes.bindMemory(to: UInt8.self).span
      return RootKey(copying: span)
    }
    guard let key else { preconditionFailure("the file's size was checked") }
    return key
  }

  private static func create(_ path: String) throws(FileError) -> RootKey {
    var pool = EntropyPool()
    let key = RootKey(from: &pool)
    try key.withBytes { (bytes) throws(FileError) in
      try unsafe bytes.withUnsafeBytes { (raw) throws(FileError) in
        try unsafe KeyFile.create(path: path, bytes: raw)
      }
    }
    return key
  }

  /// The settings were compared as written; this compares where links lead.
  private static func refuse(
    _ path: String, in directory: String, within others: [String]
  ) throws(FileError) {
    do throws(SystemError) {
      let real = try FileSystem.realPath(directory)
      for other in others where isPath(real, within: try FileSystem.realPathSoFar(other)) {
        throw SystemError(errno: .notPermitted, call: "root key inside \(other),", path: path)
      }
    } catch {
      throw .system(error)
    }
  }
}
