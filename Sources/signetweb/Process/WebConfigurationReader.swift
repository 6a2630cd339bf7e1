internal import LinuxIO

/// Makes a configuration out of settings. Opens no file; asks the host only for the numbers of
/// users and groups, by the two look-ups it is given.
struct WebConfigurationReader {
  /// Numbers of accounts by name; nil for a name that the host does not know.
  struct Accounts: Sendable {
    let ownUserID: UInt32
    let userID: @Sendable (String) -> UInt32?
    let groupID: @Sendable (String) -> UInt32?

    /// This host's.
    static var host: Accounts {
      Accounts(
        ownUserID: CurrentProcess.effectiveUserID,
        userID: { (try? UserAccount.find($0))?.id },
        groupID: { (try? GroupAccount.find($0))?.id })
    }
  }

  private var given: [WebKey: [WebSetting]] = [:]

  /// Judges the settings of the file and of the flags, which win key by key.
  static func read(
    file: [WebSetting], flags: [WebSetting], _ accounts: Accounts
  ) throws(WebConfigurationError) -> WebConfiguration {
    var reader = WebConfigurationReader()
    // The file's mistakes count also where a flag wins: a broken line is not to surface later.
    try reader.take(file)
    _ = try reader.configuration(accounts, requiresAll: false)
    var fromFlags = WebConfigurationReader()
    try fromFlags.take(flags)
    reader.given.merge(fromFlags.given) { _, flag in flag }
    return try reader.configuration(accounts, requiresAll: true)
  }

  private mutating func take(_ settings: [WebSetting]) throws(WebConfigurationError) {
    for setting in settings {
      if let first = given[setting.key]?.first, !setting.key.isRepeatable {
        throw setting.error(
          "\(setting.key.rawValue) is given twice (first at \(first.place))", "keep one")
      }
      given[setting.key, default: []].append(setting)
    }
  }

  private func configuration(
    _ accounts: Accounts, requiresAll: Bool
  ) throws(WebConfigurationError) -> WebConfiguration {
    if requiresAll {
      for key in [WebKey.listen, .service, .issuer] where given[key] == nil {
        throw WebConfigurationError(
          "configuration", "\(key.rawValue) is missing",
          "add \(key.rawValue) = \(key.valueForm) to the file, or --\(key.rawValue)")
      }
    }
    var administrators: Set<[UInt8]> = []
    for setting in given[.systemAdministrators] ?? [] {
      administrators.formUnion(try WebValues.userIDs(setting))
    }
    var webServers: Set<UInt32> = []
    for setting in given[.webServerUid] ?? [] {
      webServers.insert(try WebValues.account(setting, accounts.userID, "user"))
    }
    return WebConfiguration(
      listen: try one(.listen) { (setting) throws(WebConfigurationError) in
        try WebValues.listener(setting, accounts.groupID)
      } ?? WebListener(path: "", mode: 0o660),
      servicePath: try one(.service, WebValues.socketPath) ?? "",
      issuer: try one(.issuer, WebValues.issuer) ?? [],
      userParameter: try one(.userParameter, WebValues.userParameter) ?? Array("SIGNET_USER".utf8),
      systemAdministrators: administrators,
      webServerUserIDs: webServers.isEmpty ? [accounts.ownUserID] : webServers,
      workers: try one(.workers, WebValues.workers) ?? WebLimits.workersDefault,
      logLevel: try one(.logLevel, WebValues.logLevel) ?? .info,
      showsIcons: try one(.icons, WebValues.isOn) ?? true)
  }

  private func one<Value>(
    _ key: WebKey, _ judge: (WebSetting) throws(WebConfigurationError) -> Value
  ) throws(WebConfigurationError) -> Value? {
    guard let setting = given[key]?.first else { return nil }
    return try judge(setting)
  }
}
