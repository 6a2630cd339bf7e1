internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenServer
internal import TokenWire

/// A service's state with live tokens, made in this process by the commit lane's own code. All ids
/// come from a fixed seed: the same numbers give the same table.
///
/// One thread at a time changes it; readers on other threads take what is for any thread.
final class LiveTable {
  static let tokensOfAGrant = 10
  /// Grants of one ISSUE.
  private static let grantsOfACall = 12

  private(set) var state: ServiceState
  let root: RootKey
  let keyset: TokenKeyset
  /// Of all tokens, in the order of issue.
  private(set) var ids: [TokenID] = []
  private var numbers = RandomNumbers(seed: 1)
  private var users: UInt32 = 0
  private let nowMillis = SystemClock.realtimeMillis()

  /// - Parameter tokens: how many there will be at most.
  init(room tokens: Int) throws(BenchError) {
    var sizes = TableSizes()
    sizes.tokens = min(tokens + 100_000, sizes.tokens)
    sizes.grants = min(tokens / 2 + 100_000, sizes.grants)
    let arena: Arena
    do throws(SystemError) {
      arena = try Arena.reserve(sizes)
    } catch {
      throw .file("memory for \(tokens) tokens: \(error)")
    }
    state = ServiceState(arena: arena, hash: TextHash(key0: 1, key1: 2))
    let secret = (0..<RootKey.length).map { UInt8($0) }
    guard let root = RootKey(copying: secret.span) else { preconditionFailure("32 bytes") }
    self.root = root
    let salt = TokenID(word0: 3, word1: 4)
    _ = state.commit(.rotateKey(salt: salt), Call(nowMillis: nowMillis, peerUID: 0))
    let keys = state.signingKeys.map {
      TokenKey(
        keyID: $0.keyID, salt: Block128(word0: $0.salt.word0, word1: $0.salt.word1),
        state: .primary)
    }
    guard let keyset = try? TokenKeyset(root: root, keys: keys, generation: 1) else {
      preconditionFailure("one key, and it is primary")
    }
    self.keyset = keyset
    ids.reserveCapacity(tokens)
    let setting = SettingChange(name: Array("provider-enabled".utf8), value: Array("true".utf8))
    try commit(.setSettings(.localAdministration, [setting]))
  }

  /// The time of every commit, so that no count depends on how long the table took.
  private var call: Call { Call(nowMillis: nowMillis, peerUID: 0) }

  /// Decides, applies and releases.
  @discardableResult
  func commit(_ operation: Operation) throws(BenchError) -> Outcome {
    let commit = state.commit(operation, call)
    state.gates.raiseReleased(to: state.position)
    if case .refused(let refusal) = commit.outcome {
      throw .wrong("the rules refuse: \(refusal.message)")
    }
    return commit.outcome
  }

  /// A new application's client id.
  func register() throws(BenchError) -> [UInt8] {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    let clientID = (0..<26).map { _ in alphabet[numbers.below(alphabet.count)] }
    let fields = ApplicationFields(
      name: Array("bench".utf8), homepage: Array("https://bench.example".utf8),
      callbacks: [Array("https://bench.example/callback".utf8)])
    try commit(
      .registerApp(
        RegisterApplication(
          person: .localAdministration, fields: fields, clientID: clientID,
          secretDigest: .none)))
    return clientID
  }

  /// Issues so many tokens to the application, ten to a grant, a user for each grant.
  func issue(_ count: Int, to clientID: [UInt8]) throws(BenchError) {
    var left = count
    while left > 0 {
      var items: [IssueTokens.Item] = []
      for _ in 0..<Self.grantsOfACall where left > 0 {
        let tokens = min(left, Self.tokensOfAGrant)
        items.append(item(clientID, tokens))
        left -= tokens
      }
      try commit(.issue(IssueTokens(items: items, keyID: keyset.primaryKeyID)))
    }
  }

  /// One token, for whoever revokes it again; not among `ids`.
  func issueOne(to clientID: [UInt8]) throws(BenchError) -> TokenID {
    let item = item(clientID, 1)
    let id = ids.removeLast()
    try commit(.issue(IssueTokens(items: [item], keyID: keyset.primaryKeyID)))
    return id
  }

  func revoke(_ id: TokenID) throws(BenchError) { try commit(.revoke(.accessToken(id))) }

  private func item(_ clientID: [UInt8], _ count: Int) -> IssueTokens.Item {
    let tokens = (0..<count).map { _ in
      let id = nextID()
      ids.append(id)
      // The digest of the text, which validation does not look at, is left out.
      return PreparedToken(
        id: id, keyID: keyset.primaryKeyID, digest: TokenDigest(word0: 0, word1: 0))
    }
    users = (users + 1) % 4_000_000
    return IssueTokens.Item(
      clientID: clientID, user: UserName.bytes(users), scope: Array("read".utf8), audience: [],
      lifetimeSeconds: 0, withRefresh: false, grantID: nextID(), familyID: .none, tokens: tokens)
  }

  private func nextID() -> TokenID { TokenID(word0: numbers.next(), word1: numbers.next()) }
}
