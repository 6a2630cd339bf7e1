@testable import TokenWire

extension HelloRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> HelloRequest {
    HelloRequest(
      minVersion: random.u16() / 2, maxVersion: 0x8000 + random.u16() / 2,
      maxFrame: 1_024 + random.u32() / 2, maxInFlight: random.u16(), features: random.u64(),
      clientName: random.text())
  }
}

extension PingRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> PingRequest {
    PingRequest(echo: random.bytes())
  }
}

extension BarrierRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> BarrierRequest {
    BarrierRequest()
  }
}

extension IntrospectRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> IntrospectRequest {
    IntrospectRequest(token: random.text())
  }
}

extension ClientIntrospectRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClientIntrospectRequest {
    ClientIntrospectRequest(client: .arbitrary(&random), token: random.text())
  }
}

extension IssueRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> IssueRequest {
    IssueRequest(key: random.b16(), items: random.list(1...4) { IssueItem.arbitrary(&$0) })
  }
}

extension AuthorizeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuthorizeRequest {
    AuthorizeRequest(
      key: random.b16(), acting: .arbitrary(&random), responseType: random.text(),
      clientId: random.text(), redirectUri: random.text(), scope: random.text(),
      state: random.text(), codeChallenge: random.text(), codeChallengeMethod: random.text(),
      resource: random.text())
  }
}

extension AllowRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AllowRequest {
    AllowRequest(key: random.b16(), acting: .arbitrary(&random), ticket: random.bytes())
  }
}

extension DenyRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> DenyRequest {
    DenyRequest(key: random.b16(), acting: .arbitrary(&random), ticket: random.bytes())
  }
}

extension ExchangeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ExchangeRequest {
    ExchangeRequest(
      key: random.b16(), client: .arbitrary(&random), code: random.text(),
      redirectUri: random.text(), codeVerifier: random.text(), resource: random.text())
  }
}

extension RefreshRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RefreshRequest {
    RefreshRequest(
      key: random.b16(), client: .arbitrary(&random), refreshToken: random.text(),
      scope: random.text(), resource: random.text())
  }
}

extension ClientCredentialsRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClientCredentialsRequest {
    ClientCredentialsRequest(
      key: random.b16(), client: .arbitrary(&random), scope: random.text(), resource: random.text())
  }
}

extension ClientRevokeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClientRevokeRequest {
    ClientRevokeRequest(key: random.b16(), client: .arbitrary(&random), token: random.text())
  }
}

extension RevokeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeRequest {
    RevokeRequest(key: random.b16(), subject: random.text())
  }
}

extension AppRegisterRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegisterRequest {
    AppRegisterRequest(key: random.b16(), acting: .arbitrary(&random), fields: .arbitrary(&random))
  }
}

extension AppRegisterDynamicRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegisterDynamicRequest {
    AppRegisterDynamicRequest(
      key: random.b16(), redirectUris: random.list(0...4) { $0.text() }, authMethod: random.text(),
      clientName: random.text(), clientUri: random.text(), scope: random.text())
  }
}

extension AppGetRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppGetRequest {
    AppGetRequest(acting: .arbitrary(&random), clientId: random.text())
  }
}

extension AppInfoRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppInfoRequest {
    AppInfoRequest(acting: .arbitrary(&random), clientId: random.text())
  }
}

extension AppListRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppListRequest {
    AppListRequest(
      acting: .arbitrary(&random), all: random.bool(), cursor: random.u64(), maxBytes: random.u32())
  }
}

extension AppUpdateRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppUpdateRequest {
    AppUpdateRequest(
      key: random.b16(), acting: .arbitrary(&random), clientId: random.text(),
      revision: random.u32(), fields: .arbitrary(&random))
  }
}

extension AppDeleteRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppDeleteRequest {
    AppDeleteRequest(key: random.b16(), acting: .arbitrary(&random), clientId: random.text())
  }
}

extension AppRegenerateSecretRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegenerateSecretRequest {
    AppRegenerateSecretRequest(
      key: random.b16(), acting: .arbitrary(&random), clientId: random.text())
  }
}

extension GrantListRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantListRequest {
    GrantListRequest(
      acting: .arbitrary(&random), user: random.text(), clientId: random.text(),
      cursor: random.u64(), maxBytes: random.u32())
  }
}

extension GrantGetRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantGetRequest {
    GrantGetRequest(acting: .arbitrary(&random), reference: random.text())
  }
}

extension GrantRevokeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantRevokeRequest {
    GrantRevokeRequest(key: random.b16(), acting: .arbitrary(&random), reference: random.text())
  }
}

extension AuthorizedAppsRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuthorizedAppsRequest {
    AuthorizedAppsRequest(
      acting: .arbitrary(&random), user: random.text(), cursor: random.u64(), maxBytes: random.u32()
    )
  }
}

extension DeauthorizeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> DeauthorizeRequest {
    DeauthorizeRequest(
      key: random.b16(), acting: .arbitrary(&random), user: random.text(), clientId: random.text())
  }
}

extension UserDisableRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> UserDisableRequest {
    UserDisableRequest(key: random.b16(), user: random.text())
  }
}

extension UserEnableRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> UserEnableRequest {
    UserEnableRequest(key: random.b16(), user: random.text())
  }
}

extension RevokeUserRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeUserRequest {
    RevokeUserRequest(
      key: random.b16(), user: random.text(),
      reason: random.element(RevokeUserRequest.Reason.allCases))
  }
}

extension RevokeAppRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeAppRequest {
    RevokeAppRequest(key: random.b16(), clientId: random.text())
  }
}

extension RevokeBeforeRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeBeforeRequest {
    RevokeBeforeRequest(key: random.b16(), before: random.u64())
  }
}

extension SettingsGetRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> SettingsGetRequest {
    SettingsGetRequest(acting: .arbitrary(&random))
  }
}

extension SettingsSetRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> SettingsSetRequest {
    SettingsSetRequest(
      key: random.b16(), acting: .arbitrary(&random),
      settings: random.list(0...4) { SettingEntry.arbitrary(&$0) })
  }
}

extension KeysListRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysListRequest {
    KeysListRequest()
  }
}

extension KeysRotateRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysRotateRequest {
    KeysRotateRequest(key: random.b16())
  }
}

extension KeysRetireRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysRetireRequest {
    KeysRetireRequest(key: random.b16(), keyId: random.u8(), force: random.bool())
  }
}

extension SnapshotRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> SnapshotRequest {
    SnapshotRequest()
  }
}

extension BackupRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> BackupRequest {
    BackupRequest(name: random.text())
  }
}

extension StatusRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> StatusRequest {
    StatusRequest()
  }
}

extension StatsRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> StatsRequest {
    StatsRequest()
  }
}

extension AuditRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuditRequest {
    AuditRequest(cursor: random.u64(), maxBytes: random.u32())
  }
}

extension MetadataRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> MetadataRequest {
    MetadataRequest()
  }
}

extension ClockAcceptRequest: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClockAcceptRequest {
    ClockAcceptRequest()
  }
}
