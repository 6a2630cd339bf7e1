extension ServerConfiguration {
  /// The settings as a configuration file that says the same, defaults included.
  public var text: String {
    var lines = [
      "data-directory = \(dataDirectory)", "root-key-file = \(rootKeyFile)",
      "durability = \(durability.rawValue)",
    ]
    if durability == .volatile { lines.append("accept-data-loss = yes") }
    if let backupDirectory { lines.append("backup-directory = \(backupDirectory)") }
    lines += listeners.map { "listen = \($0.value)" }
    if let adminListener { lines.append("admin-socket = \(adminListener.value)") }
    lines += allowRules.map { "allow = \($0.value)" }
    lines.append("log-level = \(logLevel.name)")
    for number in NumberKey.all {
      lines.append("\(number.key.rawValue) = \(limits[keyPath: number.field])")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// What `--help` prints.
public enum Usage {
  /// Several lines of UTF-8 ending in a line break: the forms of the command, then every flag with
  /// the form of its value, what it sets and, for a number, its default.
  public static var text: String {
    var text = """
      usage: signetd --config FILE [flags]
             signetd --embedded DIRECTORY [flags]
             signetd --verify DIRECTORY --root-key FILE [--json]
             signetd --verify DIRECTORY [--json] --config FILE | --embedded DIRECTORY
             signetd --salvage --config FILE | --embedded DIRECTORY
             signetd --restore BACKUP --config FILE | --embedded DIRECTORY

        --config FILE          settings, one "key = value" a line
        --embedded DIRECTORY   no file: data, key and sockets in a directory of your own
        --accept-earlier-clock start although the clock is behind the journal's last entry
        --check-config         check the settings, print them, start nothing
        --verify DIRECTORY     check a data directory or a backup, change nothing; the status is
                               what a start on it by its owner, with that configuration, would exit
                               with before it serves, if it read every segment; those that the
                               snapshot holds are passed over by a start
        --salvage              keep what can be read of a damaged data directory; everything issued
                               so far is revoked, the old files are put aside
        --restore BACKUP       fill an empty data directory; everything issued before the backup is
                               revoked, unless
        --keep-tokens --revocations-from DIRECTORY
                               names the newer data directory whose changes follow the backup
        --help, --version

      Every key of the file is a flag too; flags win. Of listen and allow, flags replace all that
      the file names. Rights: validate, front, front-admin, issue, admin; or all.


      """
    let defaults = ServerLimits(workers: 1)
    for key in ConfigurationKey.allCases {
      var line = "  --\(key.rawValue) \(key.valueForm)\n      \(key.summary)"
      if key != .workers, let number = NumberKey.all.first(where: { $0.key == key }) {
        line += "; default \(defaults[keyPath: number.field])"
      }
      text += line + "\n"
    }
    return text
  }
}
