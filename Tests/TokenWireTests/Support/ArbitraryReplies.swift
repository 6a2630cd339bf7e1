@testable import TokenWire

extension HelloReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> HelloReply {
    HelloReply(
      version: random.u16(), maxFrame: random.u32(), maxInFlight: random.u16(),
      features: random.u64(), instance: random.b16(), position: random.u64(),
      retryWindowSeconds: random.u32(), retryWindowEntries: random.u32(), peerUid: random.u32(),
      rights: random.u32(), serverVersion: random.text())
  }
}

extension PingReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> PingReply {
    PingReply(echo: random.bytes())
  }
}

extension BarrierReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> BarrierReply {
    BarrierReply(position: random.u64())
  }
}

extension PositionReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> PositionReply {
    PositionReply(position: random.u64())
  }
}

extension IntrospectReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> IntrospectReply {
    IntrospectReply(
      position: random.u64(), active: random.bool(), reason: random.u8(), tokenKind: random.u8(),
      subject: random.text(), clientId: random.text(), scope: random.text(),
      audience: random.text(), expiresAt: random.u64(), issuedAt: random.u64(),
      accessor: random.text(), grant: random.text())
  }
}

extension IssueReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> IssueReply {
    IssueReply(position: random.u64(), tokens: random.list(0...4) { TokenSet.arbitrary(&$0) })
  }
}

extension AuthorizeReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuthorizeReply {
    AuthorizeReply(
      position: random.u64(), result: random.u8(), redirect: random.text(), ticket: random.bytes(),
      app: .arbitrary(&random), callbackHost: random.text(), scopes: random.text(),
      newScopes: random.text(), ticketExpiresAt: random.u64(), error: random.u16(),
      message: random.text())
  }
}

extension RedirectReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RedirectReply {
    RedirectReply(position: random.u64(), redirect: random.text())
  }
}

extension TokensReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> TokensReply {
    TokensReply(position: random.u64(), tokens: .arbitrary(&random))
  }
}

extension RevokeReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeReply {
    RevokeReply(position: random.u64(), revoked: random.bool())
  }
}

extension AppRegisterReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegisterReply {
    AppRegisterReply(
      position: random.u64(), clientId: random.text(), clientSecret: random.text(),
      callbacks: random.list(0...4) { $0.text() }, notes: random.u16())
  }
}

extension AppRegisterDynamicReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegisterDynamicReply {
    AppRegisterDynamicReply(
      position: random.u64(), clientId: random.text(), clientSecret: random.text(),
      clientName: random.text(), clientUri: random.text(),
      redirectUris: random.list(0...4) { $0.text() }, authMethod: random.text(),
      grants: random.u16(), scope: random.text(), issuedAt: random.u64())
  }
}

extension AppReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppReply {
    AppReply(position: random.u64(), app: .arbitrary(&random))
  }
}

extension AppInfoReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppInfoReply {
    AppInfoReply(position: random.u64(), app: .arbitrary(&random))
  }
}

extension AppListReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppListReply {
    AppListReply(
      position: random.u64(), nextCursor: random.u64(),
      apps: random.list(0...4) { AppEntry.arbitrary(&$0) })
  }
}

extension AppUpdateReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppUpdateReply {
    AppUpdateReply(position: random.u64(), app: .arbitrary(&random), notes: random.u16())
  }
}

extension AppRegenerateSecretReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppRegenerateSecretReply {
    AppRegenerateSecretReply(position: random.u64(), clientSecret: random.text())
  }
}

extension GrantListReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantListReply {
    GrantListReply(
      position: random.u64(), nextCursor: random.u64(),
      grants: random.list(0...4) { GrantEntry.arbitrary(&$0) })
  }
}

extension GrantReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantReply {
    GrantReply(position: random.u64(), grant: .arbitrary(&random))
  }
}

extension AuthorizedAppsReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuthorizedAppsReply {
    AuthorizedAppsReply(
      position: random.u64(), nextCursor: random.u64(),
      apps: random.list(0...4) { AuthorizedApp.arbitrary(&$0) })
  }
}

extension RevokeUserReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeUserReply {
    RevokeUserReply(position: random.u64(), applied: random.bool())
  }
}

extension RevokeBeforeReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> RevokeBeforeReply {
    RevokeBeforeReply(position: random.u64(), gatePosition: random.u64())
  }
}

extension SettingsReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> SettingsReply {
    SettingsReply(
      position: random.u64(), settings: random.list(0...4) { SettingEntry.arbitrary(&$0) })
  }
}

extension KeysListReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysListReply {
    KeysListReply(position: random.u64(), keys: random.list(0...4) { KeyEntry.arbitrary(&$0) })
  }
}

extension KeysRotateReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysRotateReply {
    KeysRotateReply(position: random.u64(), keyId: random.u8())
  }
}

extension KeysRetireReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeysRetireReply {
    KeysRetireReply(position: random.u64(), killedTokens: random.u64())
  }
}

extension BackupReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> BackupReply {
    BackupReply(position: random.u64(), path: random.text())
  }
}

extension StatusReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> StatusReply {
    StatusReply(position: random.u64(), facts: random.list(0...4) { FactEntry.arbitrary(&$0) })
  }
}

extension StatsReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> StatsReply {
    StatsReply(position: random.u64(), stats: random.list(0...4) { StatEntry.arbitrary(&$0) })
  }
}

extension AuditReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuditReply {
    AuditReply(
      position: random.u64(), nextCursor: random.u64(),
      records: random.list(0...4) { AuditEntry.arbitrary(&$0) })
  }
}

extension MetadataReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> MetadataReply {
    MetadataReply(
      position: random.u64(), issuer: random.text(), providerEnabled: random.bool(),
      dynamicRegistration: random.bool(), scopes: random.text(), grants: random.u16(),
      challengeMethods: random.text(), authMethods: random.text())
  }
}

extension ClockAcceptReply: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClockAcceptReply {
    ClockAcceptReply(position: random.u64(), now: random.u64(), wasSuspect: random.bool())
  }
}
