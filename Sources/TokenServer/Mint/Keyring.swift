internal import LinuxIO
internal import Synchronization
internal import TokenCore
public import TokenCrypto

/// The keyset in force, for all threads. The lane publishes a new one when a key is added, rotated
/// or retired; a worker looks at the generation once a turn and takes the lock only when it moved.
public final class Keyring: @unchecked Sendable {
  public let root: RootKey
  private let generation = Atomic<UInt64>(0)
  private let lock = PthreadMutex()
  /// Guarded by `lock`. nil until the first keys are published, before any worker runs.
  private var keyset: TokenKeyset?

  public init(root: RootKey) { self.root = root }

  /// What `current()` would give, as a number that grows with every publication.
  var currentGeneration: UInt64 { generation.load(ordering: .acquiring) }

  func current() -> TokenKeyset {
    lock.withLock {
      guard let keyset else { preconditionFailure("keys are published before workers start") }
      return keyset
    }
  }

  /// Derives the keys that these rows name and makes them current.
  func publish(_ rows: [SigningKey]) {
    lock.withLock {
      let next = (keyset?.generation ?? 0) + 1
      guard let made = try? TokenKeyset(root: root, keys: rows.map(Self.key), generation: next)
      else { preconditionFailure("the rules keep exactly one primary key") }
      keyset = made
      generation.store(next, ordering: .releasing)
    }
  }

  private static func key(_ row: SigningKey) -> TokenKey {
    let state: TokenKeyState =
      switch row.state {
      case .primary: .primary
      case .verifyOnly: .verifyOnly
      case .retired: .retired
      }
    return TokenKey(
      keyID: row.keyID, salt: Block128(word0: row.salt.word0, word1: row.salt.word1), state: state)
  }
}
