/// Scopes in words. Scopes are names that applications and gateways agree on; for those in common
/// use there is a sentence, the others are shown as they are.
enum ScopeWords {
  private static let sentences: [(scope: StaticString, words: StaticString)] = [
    ("user", "Act with your account: see and change what you may see and change yourself"),
    ("openid", "See who you are"),
    ("profile", "See your name and profile"),
    ("email", "See your e-mail address"),
    ("offline_access", "Keep access while you are not using it"),
    ("read", "See what you may see"),
    ("write", "Change what you may change"),
    ("admin", "Administer what you may administer"),
  ]

  /// The sentence for a scope, nil for one that is not known here.
  static func sentence(_ scope: [UInt8]) -> StaticString? {
    sentences.first { $0.scope.bytes == scope }?.words
  }

  /// The scopes of a scope text (RFC 6749, 3.3).
  static func list(_ scopes: [UInt8]) -> [[UInt8]] {
    scopes.split(separator: 0x20).map { Array($0) }
  }

  /// One scope, as a sentence with its name behind it.
  static func write(_ scope: [UInt8], to html: inout HTML) {
    if let sentence = sentence(scope) {
      html.text(sentence)
      html.text(" ")
    } else {
      html.text("Use the permission ")
    }
    html.element("code") { $0.text(scope) }
  }
}
