/// Every setting. The raw value is its name in the file and, after two dashes, on the command line.
enum WebKey: String, CaseIterable, Sendable {
  case listen
  case service
  case issuer
  case userParameter = "user-parameter"
  case systemAdministrators = "system-administrators"
  case webServerUid = "web-server-uid"
  case workers
  case logLevel = "log-level"
  case icons

  /// Whether it may be given more than once; then every line adds, and flags replace all of the
  /// file's.
  var isRepeatable: Bool { self == .webServerUid || self == .systemAdministrators }

  /// What the value looks like, for `--help`.
  var valueForm: String {
    switch self {
    case .listen: "\"PATH [mode=0660] [group=NAME]\""
    case .service: "PATH"
    case .issuer: "URL"
    case .userParameter: "NAME"
    case .systemAdministrators: "USER[,USER...]"
    case .webServerUid: "NAME|NUMBER"
    case .workers: "N"
    case .logLevel: WebLogLevel.allCases.map(\.name).joined(separator: "|")
    case .icons: "on|off"
    }
  }

  /// One line about it, for `--help`.
  var summary: String {
    switch self {
    case .listen: "the FastCGI socket, for the web server"
    case .service: "signetd's socket with the rights front, front-admin, validate"
    case .issuer: "the public address, as signetd's setting issuer; begins every URL told"
    case .userParameter: "FastCGI parameter that names the person; default SIGNET_USER"
    case .systemAdministrators: "user ids of system administrators; repeatable"
    case .webServerUid: "who may connect; repeatable; default the own user"
    case .workers: "threads, each with a connection to signetd; default 4"
    case .logLevel: "the least that is logged; default info"
    case .icons: "off: pages load no icons from the hosts that applications name; default on"
    }
  }

  /// The key called `name`, exactly.
  init?(name: some Collection<UInt8>) {
    guard let key = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else {
      return nil
    }
    self = key
  }
}
