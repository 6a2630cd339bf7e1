import Testing

@testable import TokenCore

/// A small service with a clock and an id source of its own, so that a test is its inputs. Every
/// commit's effects are kept, for `rebuilt()` to hold the state against.
final class Fixture {
  let memory: TestArena
  var state: ServiceState
  /// 2026-01-01T00:00:00Z at first; tests move it.
  var nowMillis: UInt64 = 1_767_225_600_000
  var peerUID: UInt32 = 1_000
  /// False keeps dead records where they are, for tests that look at them.
  var mayReclaim = true
  private(set) var journal: [(position: UInt64, effects: [Effect])] = []
  private var nextNumber: UInt64 = 0

  static let alice = Person(user: Array("alice".utf8), isSystemAdmin: false, login: .session)
  static let bob = Person(user: Array("bob".utf8), isSystemAdmin: false, login: .session)
  static let admin = Person(user: Array("admin".utf8), isSystemAdmin: true, login: .session)

  var alice: Person { Self.alice }
  var bob: Person { Self.bob }
  var admin: Person { Self.admin }

  /// - Parameter isOn: whether the provider is switched on and the first key made, as most tests
  ///   want it. Off, the state is that of a fresh data directory.
  init(isOn: Bool = true, sizes: TableSizes = .small) {
    memory = TestArena(sizes.arenaLimits)
    state = ServiceState(arena: memory.arena, hash: Self.hash)
    if isOn { switchOn() }
  }

  static let hash = TextHash(key0: 1, key1: 2)

  /// The provider on, and key 0 primary.
  func switchOn() {
    var settings = state.settings
    settings.isProviderEnabled = true
    var effects: [Effect] = [.settings(settings)]
    if state.keys[1] == nil {
      effects.append(
        .key(SigningKey(keyID: 0, state: .primary, salt: newID(), createdAtMillis: nowMillis)))
    }
    apply(effects)
  }

  /// Changes settings without the rules.
  func set(_ change: (inout Settings) -> Void) {
    var settings = state.settings
    change(&settings)
    apply([.settings(settings)])
  }

  /// Applies effects as one commit of their own.
  func apply(_ effects: [Effect]) {
    let position = state.position + 1
    state.apply(effects, at: position)
    journal.append((position, effects))
  }

  /// Decides and applies one operation at the present time.
  @discardableResult
  func commit(_ operation: Operation, retry: RetryRequest? = nil) -> Outcome {
    let call = Call(nowMillis: nowMillis, peerUID: peerUID, retry: retry, mayReclaim: mayReclaim)
    let commit = state.commit(operation, call)
    if !commit.effects.isEmpty { journal.append((commit.position, commit.effects)) }
    return commit.outcome
  }

  /// The refusal of an operation; nil where it was not refused.
  func refusal(_ operation: Operation) -> Refusal? {
    if case .refused(let refusal) = commit(operation) { return refusal }
    return nil
  }

  /// The reason of a refusal; nil where the operation was not refused.
  func reason(_ operation: Operation) -> Refusal.Reason? { refusal(operation)?.reason }

  /// For tests of many rounds, which `rebuilt()` is not asked about.
  func forgetJournal() { journal = [] }

  /// Lets time pass.
  func wait(seconds: UInt64) { nowMillis += seconds * 1_000 }

  var nowSeconds: UInt32 { UInt32(nowMillis / 1_000) }
}

// MARK: - Ids and digests

extension Fixture {
  /// A new id: numbers in order, spread over both words.
  func newID() -> TokenID {
    nextNumber += 1
    var random = SplitMix64(nextNumber)
    return TokenID(word0: random.next(), word1: random.next())
  }

  /// A new client id: 26 characters of `[a-z2-7]`.
  func newClientID() -> [UInt8] {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    nextNumber += 1
    var random = SplitMix64(nextNumber)
    return (0..<Limits.clientIDBytes).map { _ in alphabet[random.below(32)] }
  }

  /// A token ready to be issued, signed with the primary key.
  func newToken() -> PreparedToken {
    let id = newID()
    return PreparedToken(
      id: id, keyID: state.derived.primaryKeyID,
      digest: TokenDigest(word0: ~id.word0, word1: ~id.word1))
  }

  /// Stands for the SHA-256 of a secret: another text, another digest.
  static func digest(_ secret: String) -> SecretDigest {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    for (index, byte) in secret.utf8.enumerated() {
      bytes[index % 32] = bytes[index % 32] &* 31 &+ byte &+ 1
    }
    return SecretDigest(bytes: bytes)
  }
}

// MARK: - Applications

extension Fixture {
  static let callback = Array("https://client.example/callback".utf8)

  /// Fields that every rule accepts.
  static func fields(
    name: String = "Calendar", callbacks: [String] = ["https://client.example/callback"],
    isTrusted: Bool = false, isPublic: Bool = false, grantTypes: GrantTypes = [],
    audiences: [String] = [], scopes: String = ""
  ) -> ApplicationFields {
    ApplicationFields(
      name: Array(name.utf8), description: Array("Shows appointments".utf8),
      homepage: Array("https://client.example/".utf8),
      iconURL: Array("https://client.example/icon.png".utf8),
      callbacks: callbacks.map { Array($0.utf8) }, isTrusted: isTrusted, isPublic: isPublic,
      grantTypes: grantTypes, audiences: audiences.map { Array($0.utf8) },
      scopes: Array(scopes.utf8))
  }

  /// An application with the secret `secret` (none for a public client); returns its client id.
  @discardableResult
  func register(
    _ fields: ApplicationFields = Fixture.fields(), by person: Person = Fixture.admin,
    secret: String = "secret"
  ) -> [UInt8] {
    let clientID = newClientID()
    let digest = fields.isPublic ? .none : Self.digest(secret)
    var stored = fields
    if stored.grantTypes.isEmpty { stored.grantTypes = .standard }
    var plan = Plan(
      position: state.position + 1, call: Call(nowMillis: nowMillis, peerUID: peerUID))
    guard let slot = try? plan.takeAppSlot(state),
      let creator = person.user.isEmpty ? 0 : try? plan.userSlot(person.user, state)
    else { preconditionFailure("the fixture's tables are full") }
    let app = ClientApplication(
      clientID: clientID, fields: stored, creatorSlot: creator, isDynamicallyRegistered: false,
      secretDigest: digest, createdAtMillis: nowMillis)
    apply(plan.effects + [.app(slot, app)])
    return clientID
  }

  /// What a client shows; `secret` nil = none.
  static func credential(_ clientID: [UInt8], secret: String? = "secret") -> ClientCredential {
    ClientCredential(clientID: clientID, secretDigest: secret.map { digest($0) })
  }

  func app(_ clientID: [UInt8]) -> ClientApplication? { state.findApp(clientID)?.app }
  func appSlot(_ clientID: [UInt8]) -> UInt32 { state.findApp(clientID)?.slot ?? 0 }
  func user(_ id: String) -> User? { state.findUser(Array(id.utf8))?.user }
  func userSlot(_ id: String) -> UInt32 { state.findUser(Array(id.utf8))?.slot ?? 0 }

  /// What a worker would say about an access token, everything committed being durable.
  func verdict(_ id: TokenID) -> TokenVerdict {
    state.gates.raiseReleased(to: state.position)
    return state.space.lookup(id, nowSeconds: nowSeconds).verdict
  }

  func grant(_ id: TokenID) -> Grant? { state.findGrant(id)?.grant }
  func family(_ id: TokenID) -> RefreshFamily? { state.findFamily(id)?.family }
  func code(_ id: TokenID) -> AuthorizationCode? { state.findCode(id)?.code }
  var settings: Settings { state.settings }
}
