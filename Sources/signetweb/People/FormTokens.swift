internal import LinuxIO
internal import SignetClient
internal import TokenCrypto
internal import TokenWire

/// Makes and judges the hidden field that proves a form to come from a page shown to the same
/// person for the same act (cross-site request forgery). One for the process, used by all threads.
///
/// The `Origin` header is not looked at besides: the pages' own `Referrer-Policy: no-referrer`
/// makes browsers send `null` with their forms, and another site can have `null` sent the same way.
///
/// A token is base64url of: time of issue (8 bytes, milliseconds since boot) ‖ 16 random bytes ‖
/// HMAC-SHA-256 over these, the person, the act and its object. The key is drawn at start and kept
/// nowhere, so that a restart ends all tokens: the page is shown again with what was typed.
final class FormTokens: Sendable {
  /// What became of a form's token.
  enum Verdict: Equatable {
    /// Good, and the key under which this one act may be sent to the service again and again and
    /// still happens once: a double click, or the form sent again on its way back.
    case good(key: Bytes16)
    /// Made by this process for this form, too long ago.
    case expired
    /// Missing, changed, made for another person, act or object, or before a restart.
    case wrong
  }

  static let lifetimeMillis: UInt64 = 2 * 3_600 * 1_000
  private static let headBytes = 24
  private static let tokenBytes = headBytes + 32

  /// Secrets on their way to be shown; shared by all threads as this is.
  let secretShelf = SecretShelf()
  private let mac: HMACSHA256

  /// A generator with a new key.
  convenience init() {
    var entropy = EntropyPool()
    self.init(key: entropy.block256().bytes)
  }

  init(key: [UInt8]) { mac = HMACSHA256(key: key) }

  /// A token for one showing of a form.
  func issue(
    _ subject: FormSubject, nowMillis: UInt64 = SystemClock.boottimeMillis()
  ) -> [UInt8] {
    var head = Self.bytes(of: nowMillis)
    head += IdempotencyKey.random().bytes
    return Base64URL.encode(head + tag(head, subject))
  }

  func check(
    _ token: [UInt8], _ subject: FormSubject, nowMillis: UInt64 = SystemClock.boottimeMillis()
  ) -> Verdict {
    guard let bytes = Base64URL.decode(token), bytes.count == Self.tokenBytes else {
      return .wrong
    }
    let head = Array(bytes[..<Self.headBytes])
    let claimed = Array(bytes[Self.headBytes...])
    guard matchesInConstantTime(tag(head, subject), claimed) else { return .wrong }
    let issuedAt = head[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard issuedAt <= nowMillis, nowMillis - issuedAt < Self.lifetimeMillis else {
      return .expired
    }
    // Nobody else knows the tag, so nobody else can send under this key.
    guard let key = Bytes16(Array(claimed[..<16])), !key.isZero else { return .wrong }
    return .good(key: key)
  }

  private func tag(_ head: [UInt8], _ subject: FormSubject) -> [UInt8] {
    // Each part has its length in front: no two subjects are the same bytes.
    var message = head
    for part in [subject.user, subject.act.bytes, subject.object] {
      message += Self.bytes(of: UInt64(part.count)) + part
    }
    return mac.tag(message).bytes
  }

  private static func bytes(of number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }
}
