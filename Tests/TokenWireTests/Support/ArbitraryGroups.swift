@testable import TokenWire

extension Acting: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> Acting {
    Acting(
      user: random.text(), systemAdmin: random.bool(), login: random.element(Acting.Login.allCases))
  }
}

extension ClientAuth: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> ClientAuth {
    ClientAuth(
      clientId: random.text(), clientSecret: random.text(),
      method: random.element(ClientAuth.Method.allCases))
  }
}

extension AppFields: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppFields {
    AppFields(
      name: random.text(), description: random.text(), homepage: random.text(),
      iconUrl: random.text(), callbacks: random.list(0...4) { $0.text() }, trusted: random.bool(),
      isPublic: random.bool(), grants: random.u16(), audiences: random.list(0...4) { $0.text() },
      scopes: random.text())
  }
}

extension AppEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppEntry {
    AppEntry(
      clientId: random.text(), creator: random.text(), name: random.text(),
      description: random.text(), homepage: random.text(), iconUrl: random.text(),
      callbacks: random.list(0...4) { $0.text() }, trusted: random.bool(), isPublic: random.bool(),
      dynamicallyRegistered: random.bool(), grants: random.u16(),
      audiences: random.list(0...4) { $0.text() }, scopes: random.text(), revision: random.u32(),
      createdAt: random.u64(), updatedAt: random.u64())
  }
}

extension AppInfo: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AppInfo {
    AppInfo(
      clientId: random.text(), name: random.text(), description: random.text(),
      homepage: random.text(), iconUrl: random.text(), trusted: random.bool(),
      isPublic: random.bool())
  }
}

extension TokenSet: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> TokenSet {
    TokenSet(
      accessToken: random.text(), expiresAt: random.u64(), expiresInSeconds: random.u32(),
      refreshToken: random.text(), refreshExpiresAt: random.u64(), scope: random.text(),
      audience: random.text(), accessor: random.text(), grant: random.text())
  }
}

extension SettingEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> SettingEntry {
    SettingEntry(name: random.text(), value: random.text())
  }
}

extension KeyEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> KeyEntry {
    KeyEntry(
      keyId: random.u8(), state: random.u8(), createdAt: random.u64(), liveTokens: random.u64())
  }
}

extension FactEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> FactEntry {
    FactEntry(name: random.text(), value: random.text())
  }
}

extension StatEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> StatEntry {
    StatEntry(name: random.text(), value: random.u64())
  }
}

extension AuditEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuditEntry {
    AuditEntry(
      position: random.u64(), at: random.u64(), event: random.text(), actor: random.text(),
      user: random.text(), clientId: random.text(), peerUid: random.u32(), result: random.text())
  }
}

extension GrantEntry: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> GrantEntry {
    GrantEntry(
      grant: random.text(), clientId: random.text(), appName: random.text(), user: random.text(),
      scope: random.text(), audience: random.text(), createdAt: random.u64(),
      lastIssuedAt: random.u64(), expiresAt: random.u64(), hasRefresh: random.bool())
  }
}

extension AuthorizedApp: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> AuthorizedApp {
    AuthorizedApp(
      app: .arbitrary(&random), scope: random.text(), firstAuthorizedAt: random.u64(),
      grants: random.u32())
  }
}

extension IssueItem: Arbitrary {
  static func arbitrary(_ random: inout WireRandom) -> IssueItem {
    IssueItem(
      clientId: random.text(), user: random.text(), scope: random.text(), audience: random.text(),
      lifetimeSeconds: random.u32(), withRefresh: random.bool(), count: 1 + random.u16() / 2)
  }
}
