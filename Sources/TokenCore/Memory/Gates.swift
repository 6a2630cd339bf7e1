/// What a gate closes off: every token of one grant, app, user or token key, or all of them.
public enum Gate: Hashable, Sendable {
  case grant(UInt32)
  case app(UInt32)
  case user(UInt32)
  case key(UInt8)
  case service
}

/// Mass revocation in O(1): for each grant, app, user, key id and the service one atomic word,
/// "every token created at or before this commit position is dead".
///
/// A gate only rises, also when its slot gets a new owner, so a verdict "not dead" holds at the
/// instant of the first gate read: no epoch, no retry. The arrays are dense and apart from the fat
/// records, so the loads of one check are independent of each other. Slot 0 is "none" and its gate
/// never rises.
///
/// Everything but ``raiseReleased(to:)`` is written by the commit lane only; every read is for any
/// thread.
public struct Gates: BitwiseCopyable, Sendable {
  static let controlWordCount = 16 + 256
  static let runtimeWordCount = 8
  private static let serviceWord = 0
  static let providerWord = 8
  private static let firstKeyWord = 16

  private let grants: ArenaSpan
  private let apps: ArenaSpan
  private let users: ArenaSpan
  /// Word 0 the service's gate, 8 the provider switch, 16 ... 271 the keys'. Gate and switch have
  /// cache lines of their own.
  private let control: ArenaSpan
  /// Word 0 is `released`: not durable, raised by the journal's thread.
  private let runtime: ArenaSpan

  public init(_ arena: Arena) {
    grants = arena.span(.grantGates)
    apps = arena.span(.appGates)
    users = arena.span(.userGates)
    control = arena.span(.control)
    runtime = arena.span(.runtime)
  }

  func place(_ gate: Gate) -> (span: ArenaSpan, word: Int) {
    switch gate {
    case .grant(let slot): (grants, Int(slot))
    case .app(let slot): (apps, Int(slot))
    case .user(let slot): (users, Int(slot))
    case .key(let id): (control, Self.firstKeyWord + Int(id))
    case .service: (control, Self.serviceWord)
    }
  }

  /// The position at or before which the gate's tokens are dead.
  public func position(of gate: Gate) -> UInt64 {
    let (span, word) = place(gate)
    return span.words.loadAcquiring(word)
  }

  /// Raises the gate to the position; a lower one changes nothing. The lane's.
  public func raise(_ gate: Gate, to position: UInt64) {
    precondition(gate != .grant(0) && gate != .app(0) && gate != .user(0), "slot 0 has no gate")
    let (span, word) = place(gate)
    guard span.words.loadRelaxed(word) < position else { return }
    span.willChange(word: word, count: 1)
    span.words.storeReleasing(word, position)
  }

  /// The highest position whose tokens validate: what the journal has made durable.
  public var released: UInt64 { runtime.words.loadAcquiring(0) }

  /// Raises ``released``. One thread at a time: recovery, then the journal's.
  public func raiseReleased(to position: UInt64) {
    guard runtime.words.loadRelaxed(0) < position else { return }
    runtime.words.storeReleasing(0, position)
  }

  /// The provider switch: the one word that goes both ways, so a check reads it last.
  public var provider: ProviderSwitch {
    ProviderSwitch(rawValue: control.words.loadAcquiring(Self.providerWord))
  }

  /// The lane's.
  public func setProvider(_ value: ProviderSwitch) {
    guard control.words.loadRelaxed(Self.providerWord) != value.rawValue else { return }
    control.willChange(word: Self.providerWord, count: 1)
    control.words.storeReleasing(Self.providerWord, value.rawValue)
  }

  /// Whether a gate has killed the record: five independent loads.
  @inline(__always)
  func isDead(_ record: TokenRecord) -> Bool {
    let grant = grants.words.loadAcquiring(Int(record.grant))
    let app = apps.words.loadAcquiring(Int(record.app))
    let user = users.words.loadAcquiring(Int(record.user))
    let key = control.words.loadAcquiring(Self.firstKeyWord + Int(record.keyID))
    let service = control.words.loadAcquiring(Self.serviceWord)
    let highest = max(max(grant, app), max(user, max(key, service)))
    #if PLANTED
      if planted(.denialWaitsForTheDisk), highest > released { return false }
    #endif
    return highest >= record.position
  }

  /// Brings near the gates of a record's owners.
  @inline(__always)
  func touch(grant: UInt32, app: UInt32, user: UInt32) {
    _ = grants.words.loadRelaxed(Int(grant))
    _ = apps.words.loadRelaxed(Int(app))
    _ = users.words.loadRelaxed(Int(user))
  }
}
