internal import LinuxIO
internal import SignetClient
internal import TokenCrypto
internal import TokenWire

/// Client secrets on their way from the POST that made them to the page that shows them, once.
///
/// Every POST is answered with 303, so the page that shows a secret is a GET of its own; the
/// service tells a secret once, so somebody must hold it for that moment. The address carries only
/// a random name for it, good for one reading by the same person within a minute, and what is left
/// over is wiped. A page that got lost costs a "Regenerate secret" and no more.
final class SecretShelf: @unchecked Sendable {
  private struct Item {
    let name: [UInt8]
    let user: [UInt8]
    let clientID: [UInt8]
    var secret: [UInt8]
    let putAtMillis: UInt64
    /// The form that made it.
    let form: Bytes16
  }

  static let lifetimeMillis: UInt64 = 60_000
  static let itemsMax = 256
  /// Of one person: who sends a form again and again pushes out nobody else's.
  static let itemsPerUserMax = 8

  // Invariant: `items`, oldest first, and `forms` are touched under `mutex` only.
  private let mutex = PthreadMutex()
  private var items: [Item] = []
  private var forms = SecretForms()

  init() {}

  /// Lays a secret down and returns its name. The oldest of the person, or of all, goes when there
  /// are too many.
  func put(
    _ secret: [UInt8], user: [UInt8], clientID: [UInt8], form: Bytes16,
    nowMillis: UInt64 = SystemClock.boottimeMillis()
  ) -> [UInt8] {
    let name = Base64URL.encode(IdempotencyKey.random().bytes)
    let item = Item(
      name: name, user: user, clientID: clientID, secret: secret, putAtMillis: nowMillis,
      form: form)
    mutex.withLock {
      forms.note(form, clientID, nowMillis: nowMillis)
      dropOld(nowMillis)
      let own = items.indices.filter { items[$0].user == user }
      if own.count >= Self.itemsPerUserMax {
        drop(own[0])
      } else if items.count >= Self.itemsMax {
        drop(0)
      }
      items.append(item)
    }
    return name
  }

  /// The secret of that name, which is then gone; nil if it was read before, is too old, or is
  /// another person's or another app's.
  func take(
    _ name: [UInt8], user: [UInt8], clientID: [UInt8],
    nowMillis: UInt64 = SystemClock.boottimeMillis()
  ) -> [UInt8]? {
    mutex.withLock {
      dropOld(nowMillis)
      let index = items.firstIndex {
        matchesInConstantTime($0.name, name) && $0.user == user && $0.clientID == clientID
      }
      guard let index else { return nil }
      let item = items.remove(at: index)
      forms.noteShown(item.form)
      return item.secret
    }
  }

  /// Whether the secret that this form made of this app was shown before, or another was made
  /// since: nothing to show for it any more.
  func isSpent(_ form: Bytes16, clientID: [UInt8]) -> Bool {
    mutex.withLock { forms.isSpent(form, clientID) }
  }

  private func dropOld(_ nowMillis: UInt64) {
    while let first = items.first, nowMillis >= first.putAtMillis + Self.lifetimeMillis {
      drop(0)
    }
  }

  private func drop(_ index: Int) {
    wipe(&items[index].secret)
    items.remove(at: index)
  }
}
