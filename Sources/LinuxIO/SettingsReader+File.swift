extension SettingsReader {
  /// What a file holds that only root or the program's own user can have written. The file
  /// is followed through links, as operators keep such files elsewhere.
  public static func bytes(of path: String) throws(SettingsFault) -> [UInt8] {
    do {
      let file = try File.open(path: try FileSystem.realPath(path), .read)
      let status = try file.status(path: path)
      try checkSafety(
        mode: status.modeBits, owner: status.ownerID, isPlainFile: status.kind == .regular,
        ownUserID: CurrentProcess.effectiveUserID)
      // One byte more than allowed, which `next` then refuses.
      return try file.read(byteCount: byteCountMax + 1, at: 0, path: path)
    } catch let fault as SettingsFault {
      throw fault
    } catch {
      throw SettingsFault(
        .unsafeFile, "cannot be read: \(error)", "check the path given with --config")
    }
  }

  static func checkSafety(
    mode: UInt32, owner: UInt32, isPlainFile: Bool, ownUserID: UInt32
  ) throws(SettingsFault) {
    guard isPlainFile else {
      throw SettingsFault(.unsafeFile, "not a plain file", "name a plain file")
    }
    guard owner == 0 || owner == ownUserID else {
      throw SettingsFault(
        .unsafeFile, "the file belongs to uid \(owner)",
        "chown it to root or to uid \(ownUserID)")
    }
    guard mode & 0o022 == 0 else {
      throw SettingsFault(
        .unsafeFile, "mode 0\(String(mode & 0o7777, radix: 8)) lets others write the file",
        "chmod go-w it")
    }
  }
}
