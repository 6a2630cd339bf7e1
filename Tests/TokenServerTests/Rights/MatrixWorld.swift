import TestSupport
import Testing
import TokenWire

/// A daemon with one socket for each set of rights, and what the operations of the matrix need:
/// apps, grants and tickets of the person who acts (`ann`) and of another (`bob`).
final class MatrixWorld {
  /// The columns of the matrix of acting persons, by the schema's names.
  enum Column: String, CaseIterable {
    case local, own, other, systemAdmin, oauthToken

    var acting: Acting {
      switch self {
      case .local: .local
      case .own, .other: .session("ann")
      case .systemAdmin: .session("ann", systemAdmin: true)
      case .oauthToken: Acting(user: "ann", systemAdmin: false, login: .oauthToken)
      }
    }

    /// Whose thing is asked for.
    var owner: String { self == .own || self == .oauthToken ? "ann" : "bob" }
  }

  let daemon: RunningDaemon
  let admin: ServiceConnection
  /// By the bits of the rights, 1...31.
  private(set) var connections: [UInt32: ServiceConnection] = [:]

  init() throws {
    let directory = try TemporaryDirectory()
    let names = RightSet.named
    let flags = (UInt32(1)..<32).flatMap { bits in
      let held = names.filter { bits & $0.right.rawValue != 0 }.map(\.name)
      return [
        "--listen",
        "\(directory.path)/\(bits).sock mode=0600 rights=\(held.joined(separator: ","))",
      ]
    }
    let running = try RunningDaemon(flags, in: directory)
    daemon = running
    admin = try ServiceConnection(running.adminPath)
    try admin.switchOn()
    for bits in UInt32(1)..<32 {
      connections[bits] = try ServiceConnection("\(directory.path)/\(bits).sock")
    }
  }

  private var kept: [String: [UInt8]] = [:]

  /// The same, but made anew only where the request uses up what it names.
  func body(_ opcode: Opcode, _ column: Column, isSpent: Bool) throws -> [UInt8] {
    let name = "\(opcode.name) \(column)"
    if let body = kept[name], !isSpent { return body }
    let made = try body(opcode, column)
    if !isSpent { kept[name] = made }
    return made
  }

  /// A body that is answered OK where the matrix says yes.
  func body(_ opcode: Opcode, _ column: Column, acting: Acting? = nil) throws -> [UInt8] {
    let acting = acting ?? column.acting
    switch opcode {
    case .authorize, .allow, .deny: return try consent(opcode, column, acting)
    case .appRegister, .appGet, .appInfo, .appList, .appUpdate, .appDelete,
      .appRegenerateSecret:
      return try app(opcode, column, acting)
    case .grantList, .grantGet, .grantRevoke, .authorizedApps, .deauthorize:
      return try grant(opcode, column, acting)
    case .settingsGet: return try SettingsGetRequest(acting: acting).encodedBody()
    case .settingsSet:
      let setting = SettingEntry(name: "enable-icon-override", value: "true")
      return try SettingsSetRequest(acting: acting, settings: [setting]).encodedBody()
    default: return []
    }
  }

  private func consent(
    _ opcode: Opcode, _ column: Column, _ acting: Acting
  ) throws -> [UInt8] {
    let app = try admin.register()
    if opcode == .authorize {
      var request = admin.authorization(app, user: "ann")
      request.acting = acting
      return try request.encodedBody()
    }
    // A ticket is its person's own, also an administrator's.
    let owner = column == .other ? "bob" : "ann"
    let ticket = try admin.ticket(app, user: owner)
    return opcode == .allow
      ? try AllowRequest(acting: acting, ticket: ticket).encodedBody()
      : try DenyRequest(acting: acting, ticket: ticket).encodedBody()
  }

  private func app(_ opcode: Opcode, _ column: Column, _ acting: Acting) throws -> [UInt8] {
    let app = try admin.register(creator: column.owner)
    switch opcode {
    case .appRegister:
      return try AppRegisterRequest(acting: acting, fields: app.fields).encodedBody()
    case .appGet: return try AppGetRequest(acting: acting, clientId: app.clientId).encodedBody()
    case .appInfo: return try AppInfoRequest(acting: acting, clientId: app.clientId).encodedBody()
    case .appList:
      // A short page: by then there are hundreds of applications.
      return try AppListRequest(
        acting: acting, all: column != .own, cursor: 0, maxBytes: 1_024
      ).encodedBody()
    case .appUpdate:
      let revision = try admin.call(AppGetRequest(acting: .local, clientId: app.clientId))
        .app.revision
      return try AppUpdateRequest(
        acting: acting, clientId: app.clientId, revision: revision, fields: app.fields
      ).encodedBody()
    case .appDelete:
      return try AppDeleteRequest(acting: acting, clientId: app.clientId).encodedBody()
    default:
      return try AppRegenerateSecretRequest(acting: acting, clientId: app.clientId).encodedBody()
    }
  }

  private func grant(_ opcode: Opcode, _ column: Column, _ acting: Acting) throws -> [UInt8] {
    let user = Array(column.owner.utf8)
    switch opcode {
    case .grantList:
      return try GrantListRequest(
        acting: acting, user: user, clientId: [], cursor: 0, maxBytes: 0
      ).encodedBody()
    case .authorizedApps:
      return try AuthorizedAppsRequest(
        acting: acting, user: user, cursor: 0, maxBytes: 0
      ).encodedBody()
    default: break
    }
    let app = try admin.register()
    let reference = try admin.issue(app, user: column.owner)[0].grant
    switch opcode {
    case .grantGet:
      return try GrantGetRequest(acting: acting, reference: reference).encodedBody()
    case .grantRevoke:
      return try GrantRevokeRequest(acting: acting, reference: reference).encodedBody()
    default:
      return try DeauthorizeRequest(
        acting: acting, user: user, clientId: app.clientId
      ).encodedBody()
    }
  }
}
