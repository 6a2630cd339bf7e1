/// What the daemon is started with: checked, complete, nothing left to interpret but the names of
/// users and groups.
public struct ServerConfiguration: Equatable, Sendable {
  public var dataDirectory: String
  /// Outside the data directory and the backup directory.
  public var rootKeyFile: String
  /// Sockets for gateways, in the order given.
  public var listeners: [ListenerConfiguration]
  /// The admin socket, nil when there is none.
  public var adminListener: ListenerConfiguration?
  /// Who may do what, beside the daemon's own uid and root.
  public var allowRules: [AllowRule]
  public var durability: Durability
  /// Where BACKUP may write, nil when it may not.
  public var backupDirectory: String?
  public var logLevel: LogLevel
  public var limits: ServerLimits
  /// The directory given with `--embedded`: start-up makes it (0700) with what belongs in it.
  public var embeddedDirectory: String?
  /// Given with `--accept-earlier-clock`, never in a file: it is for one start.
  public var acceptsEarlierClock = false

  /// Every listener; the admin socket comes last.
  public var allListeners: [ListenerConfiguration] {
    listeners + (adminListener.map { [$0] } ?? [])
  }
}

/// How much is logged. A level includes those before it.
public enum LogLevel: Int, CaseIterable, Sendable, Comparable {
  case error, warning, info, debug

  /// The name in the configuration and in log lines.
  public var name: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .info: "info"
    case .debug: "debug"
    }
  }

  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
