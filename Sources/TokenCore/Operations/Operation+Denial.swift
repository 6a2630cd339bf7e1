extension Operation {
  /// Whether it only takes away: what a full disk must not stop.
  public var isDenial: Bool {
    switch self {
    case .deny, .clientRevoke, .revoke, .deleteApp, .revokeGrant, .deauthorize, .disableUser,
      .revokeUser, .revokeApp, .revokeBefore, .retireKey:
      true
    case .setSettings(_, let changes):
      changes.allSatisfy {
        $0.name.elementsEqual("provider-enabled".utf8) && $0.value.elementsEqual("false".utf8)
      }
    default: false
    }
  }

  /// Whether it only hands out: what a client can ask for again. Under the policy
  /// `durable-revocations` its reply does not wait for a sync.
  public var isIssuance: Bool {
    switch self {
    case .issue, .clientCredentials: true
    default: false
    }
  }
}
