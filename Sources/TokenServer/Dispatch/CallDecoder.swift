internal import TokenWire

/// Which message an opcode's body is. VALIDATE and the connection's own operations are not here:
/// they never reach the lane.
enum CallDecoder {
  static func decode(_ opcode: Opcode, _ body: RawSpan) throws(WireFault) -> any LaneCall {
    switch opcode {
    case .introspect: try IntrospectRequest(body: body)
    case .clientIntrospect: try ClientIntrospectRequest(body: body)
    case .issue: try IssueRequest(body: body)
    case .authorize: try AuthorizeRequest(body: body)
    case .allow: try AllowRequest(body: body)
    case .deny: try DenyRequest(body: body)
    case .exchange: try ExchangeRequest(body: body)
    case .refresh: try RefreshRequest(body: body)
    case .clientCredentials: try ClientCredentialsRequest(body: body)
    case .clientRevoke: try ClientRevokeRequest(body: body)
    case .revoke: try RevokeRequest(body: body)
    case .appRegister: try AppRegisterRequest(body: body)
    case .appGet: try AppGetRequest(body: body)
    case .appInfo: try AppInfoRequest(body: body)
    case .appList: try AppListRequest(body: body)
    case .appUpdate: try AppUpdateRequest(body: body)
    case .appDelete: try AppDeleteRequest(body: body)
    case .appRegenerateSecret: try AppRegenerateSecretRequest(body: body)
    case .appRegisterDynamic: try AppRegisterDynamicRequest(body: body)
    case .grantList: try GrantListRequest(body: body)
    case .grantGet: try GrantGetRequest(body: body)
    case .grantRevoke: try GrantRevokeRequest(body: body)
    case .authorizedApps: try AuthorizedAppsRequest(body: body)
    case .deauthorize: try DeauthorizeRequest(body: body)
    case .userDisable: try UserDisableRequest(body: body)
    case .userEnable: try UserEnableRequest(body: body)
    case .revokeUser: try RevokeUserRequest(body: body)
    case .revokeApp: try RevokeAppRequest(body: body)
    case .revokeBefore: try RevokeBeforeRequest(body: body)
    case .settingsGet: try SettingsGetRequest(body: body)
    case .settingsSet: try SettingsSetRequest(body: body)
    case .keysList: try KeysListRequest(body: body)
    case .keysRotate: try KeysRotateRequest(body: body)
    case .keysRetire: try KeysRetireRequest(body: body)
    case .snapshot: try SnapshotRequest(body: body)
    case .backup: try BackupRequest(body: body)
    case .status: try StatusRequest(body: body)
    case .stats: try StatsRequest(body: body)
    case .audit: try AuditRequest(body: body)
    case .metadata: try MetadataRequest(body: body)
    case .clockAccept: try ClockAcceptRequest(body: body)
    case .hello, .ping, .barrier, .validate:
      preconditionFailure("answered before a request is decoded for the lane")
    }
  }
}
