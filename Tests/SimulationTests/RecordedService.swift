import StorageSupport
import TokenCore

/// A real state with random operations on it, as the commit lane runs them.
final class RecordedService {
  private let memory = StateMemory()
  var state: ServiceState
  private var restored: StateMemory?
  private(set) var tokens: [TokenID] = []
  private var random: SplitMix64
  private var nowMillis: UInt64 = 1_767_225_600_000
  private static let admin = Person(user: [], isSystemAdmin: true, login: .local)
  private var clientIDs: [[UInt8]] = []
  /// Of the last look, as reading all keys costs much; nil = a look is needed.
  private var knownPrimary: UInt8?

  init(seed: UInt64) {
    random = SplitMix64(seed)
    state = ServiceState(arena: memory.arena, hash: TextHash(key0: seed, key1: 1))
  }

  func cut(savedLimitBytes: Int = ServiceState.savedLimitBytes) -> SnapshotCut {
    guard let cut = state.beginSnapshot(savedLimitBytes: savedLimitBytes) else {
      preconditionFailure("another snapshot is under way")
    }
    return cut
  }

  /// Takes a state that was restored in place of its own.
  func goOn(with other: consuming ServiceState, _ memory: StateMemory) {
    restored = memory
    state = other
    knownPrimary = nil
  }

  /// One random operation; nil where it changed nothing.
  func step() -> Commit? {
    nowMillis += UInt64(random.below(2_000))
    let operation = nextOperation()
    let before = state.position
    let commit = state.commit(operation, Call(nowMillis: nowMillis, peerUID: 1))
    if case .rotateKey = operation { knownPrimary = nil }
    if case .issued(let issued) = commit.outcome { tokens += issued.map(\.id) }
    return commit.position > before ? commit : nil
  }

  /// What a gateway would be told of each token that was ever issued, all released.
  var verdicts: [TokenVerdict] {
    state.gates.raiseReleased(to: state.position)
    return tokens.map { state.space.lookup($0, nowSeconds: UInt32(nowMillis / 1_000)).verdict }
  }

  /// The same of another state.
  func verdicts(of other: borrowing ServiceState) -> [TokenVerdict] {
    other.gates.raiseReleased(to: other.position)
    return tokens.map { other.space.lookup($0, nowSeconds: UInt32(nowMillis / 1_000)).verdict }
  }

  private func nextOperation() -> Operation {
    guard let primary = primary() else { return .rotateKey(salt: id()) }
    if !state.settings.isProviderEnabled {
      return .setSettings(
        Self.admin,
        [SettingChange(name: Array("provider-enabled".utf8), value: Array("true".utf8))])
    }
    if clientIDs.isEmpty || random.below(20) == 0 { return register() }
    let user = Array("user\(random.below(9))".utf8)
    switch random.below(12) {
    case 0: return .disableUser(user)
    case 1: return .enableUser(user)
    case 2: return .revokeUser(user, .allSessions)
    case 3: return .rotateKey(salt: id())
    case 4: return .revoke(.accessToken(tokens.randomElement(using: &random) ?? .none))
    case 5: return .revokeApp(clientID: clientIDs[random.below(clientIDs.count)])
    default: return issue(user, primary)
    }
  }

  private func primary() -> UInt8? {
    if knownPrimary == nil {
      knownPrimary = state.signingKeys.first { $0.state == .primary }?.keyID
    }
    return knownPrimary
  }

  private func issue(_ user: [UInt8], _ primary: UInt8) -> Operation {
    let id = id()
    let item = IssueTokens.Item(
      clientID: clientIDs[random.below(clientIDs.count)], user: user,
      scope: Array("read".utf8), audience: [], lifetimeSeconds: 3_600,
      withRefresh: random.below(2) == 0, grantID: self.id(), familyID: self.id(),
      tokens: [
        PreparedToken(
          id: id, keyID: primary, digest: TokenDigest(word0: id.word0, word1: ~id.word1))
      ])
    return .issue(IssueTokens(items: [item], keyID: primary))
  }

  private func register() -> Operation {
    let clientID = ClientID.text(id())
    clientIDs.append(clientID)
    let fields = ApplicationFields(
      name: Array("Calendar \(clientIDs.count)".utf8),
      homepage: Array("https://client.example/".utf8),
      callbacks: [Array("https://client.example/callback".utf8)])
    return .registerApp(
      RegisterApplication(
        person: Self.admin, fields: fields, clientID: clientID,
        secretDigest: SecretDigest(bytes: InlineArray(repeating: 5))))
  }

  private func id() -> TokenID {
    let word0 = random.next()
    return TokenID(word0: word0, word1: random.next())
  }
}
