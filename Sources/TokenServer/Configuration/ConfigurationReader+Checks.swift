extension ConfigurationReader {
  func checkPresence() throws(ConfigurationError) {
    func missing(_ problem: String, _ remedy: String) -> ConfigurationError {
      ConfigurationError(.missing, .settings, problem, remedy)
    }
    let quickest = "or start with --embedded DIRECTORY"
    if configuration.dataDirectory.isEmpty {
      throw missing(
        "data-directory is not set", "add \"data-directory = /var/lib/signet\" \(quickest)")
    }
    if configuration.rootKeyFile.isEmpty {
      throw missing("root-key-file is not set", "add \"root-key-file = /etc/signet/root.key\"")
    }
    if configuration.allListeners.isEmpty {
      throw missing(
        "no socket is configured", "add \"admin-socket = /run/signet/admin.sock\" or a listen line")
    }
    if configuration.durability == .volatile && !acceptsDataLoss {
      throw missing(
        "durability = volatile loses every token, grant and app at a stop",
        "add \"accept-data-loss = yes\" if that is what you want")
    }
  }

  func checkRelations() throws(ConfigurationError) {
    try checkPaths()
    let limits = configuration.limits
    if limits.maxConnections <= limits.adminReservedConnections {
      throw conflict(
        .adminReservedConnections,
        "admin-reserved-connections (\(limits.adminReservedConnections)) leaves nothing of "
          + "max-connections (\(limits.maxConnections))", "raise max-connections")
    }
    if limits.writeBufferBytes < limits.maxFrameBytes {
      throw conflict(
        .writeBufferBytes,
        "write-buffer-bytes (\(limits.writeBufferBytes)) is below max-frame "
          + "(\(limits.maxFrameBytes))", "raise write-buffer-bytes")
    }
  }

  private func checkPaths() throws(ConfigurationError) {
    let key = configuration.rootKeyFile
    if isPath(key, within: configuration.dataDirectory) {
      throw conflict(
        .rootKeyFile, "the root key lies in the data directory",
        "move it elsewhere: whoever gets a copy of the data must not get the key")
    }
    if let backup = configuration.backupDirectory, isPath(key, within: backup) {
      throw conflict(
        .rootKeyFile, "the root key lies in the backup directory",
        "move it elsewhere: whoever gets a copy of the data must not get the key")
    }
    let data = configuration.dataDirectory
    if let backup = configuration.backupDirectory,
      isPath(backup, within: data) || isPath(data, within: backup)
    {
      throw conflict(
        .backupDirectory, "the backup directory and the data directory lie within each other",
        "keep backups elsewhere, best on another disk")
    }
    var seen: Set<[UInt8]> = []
    for listener in configuration.allListeners
    where !seen.insert(Array(listener.path.utf8)).inserted {
      throw conflict(
        listener.isAdmin ? .adminSocket : .listen,
        "the socket \(quoted(listener.path)) is named twice", "give each its own path")
    }
  }

  private func conflict(
    _ key: ConfigurationKey, _ problem: String, _ remedy: String
  ) -> ConfigurationError {
    ConfigurationError(.conflict, given[key]?.origin ?? .settings, problem, remedy)
  }
}
