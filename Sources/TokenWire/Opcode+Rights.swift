extension Opcode {
  /// The rights of which the peer needs at least one, checked before the body is decoded; empty
  /// means that every connected peer may. What `acting` in the body asks for comes on top.
  public var requiredRights: RightSet {
    switch self {
    case .hello, .ping, .barrier:
      []
    case .validate, .introspect:
      [.validate]
    case .clientIntrospect, .authorize, .allow, .deny, .exchange, .refresh, .clientCredentials,
      .clientRevoke, .appRegisterDynamic:
      [.front]
    case .issue:
      [.issue]
    case .revoke, .userDisable, .userEnable, .revokeUser, .revokeApp, .revokeBefore, .keysList,
      .keysRotate, .keysRetire, .snapshot, .backup, .status, .stats, .audit, .clockAccept:
      [.admin]
    case .appRegister, .appGet, .appInfo, .appList, .appUpdate, .appDelete,
      .appRegenerateSecret, .grantList, .grantGet, .grantRevoke, .authorizedApps, .deauthorize:
      [.front, .admin]
    case .settingsGet, .settingsSet:
      [.frontAdmin, .admin]
    case .metadata:
      [.front, .admin, .validate]
    }
  }

  /// Whether a peer with `rights` may send this operation.
  public func isAllowed(with rights: RightSet) -> Bool {
    requiredRights.isEmpty || !requiredRights.isDisjoint(with: rights)
  }
}
