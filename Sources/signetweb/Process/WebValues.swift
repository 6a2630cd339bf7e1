internal import LinuxIO

/// The values of settings, judged one by one.
enum WebValues {
  /// `PATH [mode=0660] [group=NAME]`.
  static func listener(
    _ setting: WebSetting, _ groupID: (String) -> UInt32?
  ) throws(WebConfigurationError) -> WebListener {
    let words = SettingText.words(setting.value)
    var listener = WebListener(path: try path(String(words.first ?? ""), setting), mode: 0o660)
    var seen: Set<String> = []
    for word in words.dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard parts.count == 2, !parts[1].isEmpty, ["mode", "group"].contains(name) else {
        throw setting.error(
          "\(quoted(word)) means nothing here", "after the path come only mode=, group=")
      }
      if !seen.insert(name).inserted { throw setting.error("\(name)= is given twice", "keep one") }
      if name == "mode" {
        listener.mode = try mode(String(parts[1]), setting)
      } else {
        listener.groupID = try number(String(parts[1]), groupID, "group", setting)
      }
    }
    return listener
  }

  static func socketPath(_ setting: WebSetting) throws(WebConfigurationError) -> String {
    try path(setting.value, setting)
  }

  /// A plain absolute path that fits a socket's address.
  private static func path(
    _ word: String, _ setting: WebSetting
  ) throws(WebConfigurationError) -> String {
    guard SettingText.isPlainAbsolutePath(word.utf8) else {
      throw setting.error(
        "\(quoted(word)) is not a plain absolute path",
        "begin it with /, without empty parts, \".\" and \"..\"")
    }
    let limit = SettingText.socketPathByteLimit
    guard word.utf8.count <= limit else {
      throw setting.error(
        "the socket path has \(word.utf8.count) bytes, the system allows \(limit)",
        "choose a shorter directory")
    }
    return word
  }

  private static func mode(
    _ word: String, _ setting: WebSetting
  ) throws(WebConfigurationError) -> UInt32 {
    guard let mode = SettingText.socketModeBits(word) else {
      throw setting.error(
        "mode=\(quoted(word)) is no mode of a socket", "use 0600, 0660 or 0666")
    }
    return mode
  }

  /// A user by name or number.
  static func account(
    _ setting: WebSetting, _ lookUp: (String) -> UInt32?, _ kind: String
  ) throws(WebConfigurationError) -> UInt32 {
    try number(setting.value, lookUp, kind, setting)
  }

  private static func number(
    _ word: String, _ lookUp: (String) -> UInt32?, _ kind: String, _ setting: WebSetting
  ) throws(WebConfigurationError) -> UInt32 {
    if SettingText.isNumber(word) {
      if let number = SettingText.accountNumber(word) { return number }
    } else if let number = lookUp(word) {
      return number
    }
    throw setting.error(
      "\(quoted(word)) names no \(kind) of this system", "correct the name, or use its number")
  }

  /// `alice, root`.
  static func userIDs(_ setting: WebSetting) throws(WebConfigurationError) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for part in setting.value.split(separator: ",", omittingEmptySubsequences: false) {
      let name = Array(part.utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
      guard (1...128).contains(name.count), name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw setting.error(
          "\(quoted(name)) is no user id", "use 1 to 128 printable ASCII characters, no spaces")
      }
      found.append(name)
    }
    return found
  }

  /// A name that no client can fill: not a header, not one of CGI's own.
  static func userParameter(_ setting: WebSetting) throws(WebConfigurationError) -> [UInt8] {
    let name = Array(setting.value.utf8)
    let isName =
      (1...64).contains(name.count) && (0x41...0x5A).contains(name[0])
      && name.allSatisfy {
        (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
      }
    guard isName else {
      throw setting.error(
        "\(quoted(name)) is no name of a parameter",
        "use capital letters, digits and _, such as SIGNET_USER")
    }
    if name.starts(with: "HTTP_".utf8) {
      throw setting.error(
        "\(quoted(name)) is a header, which every client fills as it likes",
        "use a parameter of the web server's own, such as SIGNET_USER")
    }
    if takenNames.contains(setting.value) || name.starts(with: "REDIRECT_".utf8) {
      throw setting.error(
        "\(quoted(name)) is a stock parameter, which some web servers fill unchecked",
        "use one of your own, such as SIGNET_USER")
    }
    return name
  }

  private static let takenNames: Set<String> = [
    "AUTH_TYPE", "CONTENT_LENGTH", "CONTENT_TYPE", "CONTEXT_DOCUMENT_ROOT", "CONTEXT_PREFIX",
    "DOCUMENT_ROOT", "DOCUMENT_URI", "GATEWAY_INTERFACE", "HTTPS", "ORIG_PATH_INFO",
    "ORIG_SCRIPT_NAME", "PATH", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING", "REMOTE_ADDR",
    "REMOTE_HOST", "REMOTE_IDENT", "REMOTE_PORT", "REMOTE_USER", "REQUEST_METHOD",
    "REQUEST_SCHEME", "REQUEST_URI", "SCRIPT_FILENAME", "SCRIPT_NAME", "SCRIPT_URI", "SCRIPT_URL",
    "SERVER_ADDR", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE",
  ]

  /// https, or http on this host for development; no query, fragment, user, or slash at the end.
  static func issuer(_ setting: WebSetting) throws(WebConfigurationError) -> [UInt8] {
    let text = Array(setting.value.utf8)
    let isPlain = text.allSatisfy {
      (0x21...0x7E).contains($0) && !"\"<>\\^`{|}?#@".utf8.contains($0)
    }
    let local = ["http://127.0.0.1", "http://[::1]", "http://localhost"].map { Array($0.utf8) }
    let isLocal = local.contains { prefix in
      text.starts(with: prefix)
        && (text.count == prefix.count || [0x2F, 0x3A].contains(text[prefix.count]))
    }
    let isSecure = text.starts(with: "https://".utf8) && text.count > 8 && text[8] != 0x2F
    guard text.count <= 256, isPlain, isSecure || isLocal, text.last != UInt8(ascii: "/") else {
      throw setting.error(
        "\(quoted(text)) is no issuer",
        "use https://HOST (http only on 127.0.0.1, [::1], localhost), no query, no / at the end")
    }
    return text
  }

  static func workers(_ setting: WebSetting) throws(WebConfigurationError) -> Int {
    let isDecimal = setting.value.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isDecimal, let number = Int(setting.value), (1...WebLimits.workersMax).contains(number)
    else {
      throw setting.error(
        "workers = \(quoted(setting.value))", "use a number from 1 to \(WebLimits.workersMax)")
    }
    return number
  }

  static func isOn(_ setting: WebSetting) throws(WebConfigurationError) -> Bool {
    switch setting.value {
    case "on": return true
    case "off": return false
    default:
      throw setting.error("\(setting.key.rawValue) = \(quoted(setting.value))", "use on or off")
    }
  }

  static func logLevel(_ setting: WebSetting) throws(WebConfigurationError) -> WebLogLevel {
    let names = WebLogLevel.allCases.map(\.name)
    if let index = names.firstIndex(where: { $0.utf8.elementsEqual(setting.value.utf8) }) {
      return WebLogLevel.allCases[index]
    }
    throw setting.error(
      "log level \(quoted(setting.value)) does not exist",
      suggestion(for: setting.value.utf8, among: names)
        ?? "use \(names.joined(separator: ", "))")
  }
}
