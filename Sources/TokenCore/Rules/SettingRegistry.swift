/// Every setting by name: how its value is written as text and read from it. The one table for
/// SETTINGS_GET, SETTINGS_SET and the administrator's programs.
public enum SettingRegistry {
  struct Entry: Sendable {
    let name: String
    let read: @Sendable (Settings) -> [UInt8]
    /// False where the value is not allowed.
    let write: @Sendable (inout Settings, [UInt8]) -> Bool
    /// What is allowed, for the refusal.
    let rule: String
  }

  /// Names and values of all settings, in the order of the documentation.
  public static func values(of settings: Settings) -> [SettingChange] {
    entries.map { SettingChange(name: Array($0.name.utf8), value: $0.read(settings)) }
  }

  static func entry(_ name: [UInt8]) -> Entry? { entries.first { Array($0.name.utf8) == name } }

  static let entries: [Entry] = [
    flag("provider-enabled", \.isProviderEnabled),
    flag("restrict-integrations-to-admins", \.restrictsIntegrationsToAdmins),
    flag("enable-username-override", \.enablesUsernameOverride),
    flag("enable-icon-override", \.enablesIconOverride),
    flag("dynamic-registration", \.allowsDynamicRegistration),
    allowlist("dynamic-registration-allowlist"),
    flag("require-https-urls", \.requiresHTTPSURLs),
    number("code-lifetime-seconds", \.codeLifetimeSeconds, Limits.codeLifetimeSeconds),
    number(
      "access-token-lifetime-seconds", \.accessTokenLifetimeSeconds, Limits.tokenLifetimeSeconds),
    number("refresh-idle-seconds", \.refreshIdleSeconds, Limits.tokenLifetimeSeconds),
    number("refresh-absolute-seconds", \.refreshAbsoluteSeconds, Limits.tokenLifetimeSeconds),
    number("refresh-grace-seconds", \.refreshGraceSeconds, Limits.refreshGraceSeconds),
    flag("public-client-refresh", \.issuesRefreshTokensToPublicClients),
    flag("revoke-on-password-change", \.revokesOnPasswordChange),
    number("grants-per-user", \.grantsPerUser, Limits.grantsPerUser),
    issuer("issuer"),
  ]

  // MARK: Kinds of values

  private static func flag(
    _ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable
  ) -> Entry {
    Entry(
      name: name, read: { Array(($0[keyPath: path] ? "true" : "false").utf8) },
      write: { settings, value in
        switch value {
        case Array("true".utf8): settings[keyPath: path] = true
        case Array("false".utf8): settings[keyPath: path] = false
        default: return false
        }
        return true
      },
      rule: "true or false")
  }

  private static func number(
    _ name: String, _ path: any WritableKeyPath<Settings, UInt32> & Sendable,
    _ range: ClosedRange<UInt32>
  ) -> Entry {
    Entry(
      name: name, read: { Array(String($0[keyPath: path]).utf8) },
      write: { settings, value in
        guard let number = decimal(value), range.contains(number) else { return false }
        settings[keyPath: path] = number
        return true
      },
      rule: "a decimal number from \(range.lowerBound) to \(range.upperBound)")
  }

  private static func allowlist(_ name: String) -> Entry {
    Entry(
      name: name, read: { Array($0.dynamicRegistrationAllowlist.joined(separator: [0x20])) },
      write: { settings, value in
        let parts = value.split(separator: 0x20, omittingEmptySubsequences: false)
        let globs = value.isEmpty ? [] : parts.map { Array($0) }
        guard value.count <= Limits.allowlistTotalMaxBytes,
          globs.count <= Limits.allowlistMaxCount,
          globs.allSatisfy({ AllowlistGlob($0) != nil })
        else { return false }
        settings.dynamicRegistrationAllowlist = globs
        return true
      },
      rule: "at most \(Limits.allowlistMaxCount) patterns like https://*.example.com/callback "
        + "with one space between, \(Limits.allowlistTotalMaxBytes) bytes together; * and ** are "
        + "wildcards, *** is none; empty = any redirect URI")
  }

  private static func issuer(_ name: String) -> Entry {
    Entry(
      name: name, read: { $0.issuer },
      write: { settings, value in
        guard value.isEmpty || isIssuer(value) else { return false }
        settings.issuer = value
        return true
      },
      rule: "an https URL without query and fragment (http only on a loopback host), at most "
        + "\(Limits.issuerMaxBytes) bytes, or empty (RFC 9207)")
  }

  private static func isIssuer(_ value: [UInt8]) -> Bool {
    guard value.count <= Limits.issuerMaxBytes, URLRules.isWebURL(value),
      let parts = URLParts(value), parts.query == nil
    else { return false }
    return value.starts(with: Array("https://".utf8)) || isLoopback(parts.host)
  }

  /// For development: nobody but this host can answer there.
  private static func isLoopback(_ host: ArraySlice<UInt8>) -> Bool {
    ["127.0.0.1", "[::1]", "localhost"].contains { host.elementsEqual($0.utf8) }
  }

  /// Digits without sign or leading zero.
  private static func decimal(_ text: [UInt8]) -> UInt32? {
    guard (1...10).contains(text.count), text.allSatisfy(URLRules.isDigit),
      text.count == 1 || text[0] != 0x30
    else { return nil }
    return UInt32(exactly: text.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) })
  }
}

// MARK: - The nearest name

extension SettingRegistry {
  /// The setting whose name takes the fewest changes of a character to reach.
  static func nearestName(to name: [UInt8]) -> String {
    let near = entries.map { (name: $0.name, steps: distance(Array($0.name.utf8), name)) }
    return near.min { $0.steps < $1.steps }?.name ?? ""
  }

  /// Levenshtein's distance.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (line, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
