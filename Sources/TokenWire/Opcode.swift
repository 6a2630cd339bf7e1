/// The operations of version 1. The server answers any other number with UNSUPPORTED and keeps
/// the connection; numbers from `firstPush` are reserved for frames that the server starts.
public enum Opcode: UInt16, Sendable, CaseIterable {
  case hello = 0x0001
  case ping = 0x0002
  case barrier = 0x0003
  case validate = 0x0010
  case introspect = 0x0011
  case clientIntrospect = 0x0012
  case issue = 0x0020
  case authorize = 0x0030
  case allow = 0x0031
  case deny = 0x0032
  case exchange = 0x0033
  case refresh = 0x0034
  case clientCredentials = 0x0035
  case clientRevoke = 0x0036
  case revoke = 0x0037
  case appRegister = 0x0040
  case appGet = 0x0041
  case appInfo = 0x0042
  case appList = 0x0043
  case appUpdate = 0x0044
  case appDelete = 0x0045
  case appRegenerateSecret = 0x0046
  case appRegisterDynamic = 0x0047
  case grantList = 0x0050
  case grantGet = 0x0051
  case grantRevoke = 0x0052
  case authorizedApps = 0x0053
  case deauthorize = 0x0054
  case userDisable = 0x0060
  case userEnable = 0x0061
  case revokeUser = 0x0062
  case revokeApp = 0x0063
  case revokeBefore = 0x0064
  case settingsGet = 0x0070
  case settingsSet = 0x0071
  case keysList = 0x0080
  case keysRotate = 0x0081
  case keysRetire = 0x0082
  case snapshot = 0x0090
  case backup = 0x0091
  case status = 0x0092
  case stats = 0x0093
  case audit = 0x0094
  case metadata = 0x0095
  case clockAccept = 0x0096

  /// First number of the range reserved for server push; a request with one is MALFORMED.
  public static let firstPush: UInt16 = 0xF000

  /// Whether the operation goes through the commit lane, so that its reply begins with `position`.
  public var isLane: Bool {
    switch self {
    case .hello, .ping, .barrier, .validate: false
    default: true
    }
  }

  /// Whether the body begins with an idempotency key and the operation changes state.
  public var isMutation: Bool {
    switch self {
    case .issue, .authorize, .allow, .deny, .exchange, .refresh, .clientCredentials,
      .clientRevoke, .revoke, .appRegister, .appUpdate, .appDelete, .appRegenerateSecret,
      .appRegisterDynamic, .grantRevoke, .deauthorize, .userDisable, .userEnable, .revokeUser,
      .revokeApp, .revokeBefore, .settingsSet, .keysRotate, .keysRetire:
      true
    default: false
    }
  }

  /// The contract's name.
  public var name: String {
    switch self {
    case .hello: "HELLO"
    case .ping: "PING"
    case .barrier: "BARRIER"
    case .validate: "VALIDATE"
    case .introspect: "INTROSPECT"
    case .clientIntrospect: "CLIENT_INTROSPECT"
    case .issue: "ISSUE"
    case .authorize: "AUTHORIZE"
    case .allow: "ALLOW"
    case .deny: "DENY"
    case .exchange: "EXCHANGE"
    case .refresh: "REFRESH"
    case .clientCredentials: "CLIENT_CREDENTIALS"
    case .clientRevoke: "CLIENT_REVOKE"
    case .revoke: "REVOKE"
    case .appRegister: "APP_REGISTER"
    case .appGet: "APP_GET"
    case .appInfo: "APP_INFO"
    case .appList: "APP_LIST"
    case .appUpdate: "APP_UPDATE"
    case .appDelete: "APP_DELETE"
    case .appRegenerateSecret: "APP_REGENERATE_SECRET"
    case .appRegisterDynamic: "APP_REGISTER_DYNAMIC"
    case .grantList: "GRANT_LIST"
    case .grantGet: "GRANT_GET"
    case .grantRevoke: "GRANT_REVOKE"
    case .authorizedApps: "AUTHORIZED_APPS"
    case .deauthorize: "DEAUTHORIZE"
    case .userDisable: "USER_DISABLE"
    case .userEnable: "USER_ENABLE"
    case .revokeUser: "REVOKE_USER"
    case .revokeApp: "REVOKE_APP"
    case .revokeBefore: "REVOKE_BEFORE"
    case .settingsGet: "SETTINGS_GET"
    case .settingsSet: "SETTINGS_SET"
    case .keysList: "KEYS_LIST"
    case .keysRotate: "KEYS_ROTATE"
    case .keysRetire: "KEYS_RETIRE"
    case .snapshot: "SNAPSHOT"
    case .backup: "BACKUP"
    case .status: "STATUS"
    case .stats: "STATS"
    case .audit: "AUDIT"
    case .metadata: "METADATA"
    case .clockAccept: "CLOCK_ACCEPT"
    }
  }
}
