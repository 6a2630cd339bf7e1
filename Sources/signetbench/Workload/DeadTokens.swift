internal import LinuxIO
internal import TokenWire

/// Fills the places of a store for tokens that are not live.
struct DeadTokens {
  /// The shortest life that ISSUE gives.
  private static let lifetimeSeconds: UInt32 = 60
  private static let firstUser: UInt32 = 9_000_000

  private let mix: TokenMix
  private let store: TokenStore

  init(_ mix: TokenMix, _ store: TokenStore) {
    self.mix = mix
    self.store = store
  }

  /// Issues and revokes, issues and waits a minute, forges; only what the mix asks for.
  func prepare(path: String) throws(BenchError) {
    forge()
    if mix.revokedPercent == 0 && mix.expiredPercent == 0 { return }
    let setup = try SignetSetup(path: path)
    if mix.expiredPercent > 0 {
      try place(.expired, try issue(setup, Self.lifetimeSeconds))
    }
    if mix.revokedPercent > 0 {
      let texts = try issue(setup, 0)
      for text in texts { try setup.revoke(text) }
      try place(.revoked, texts)
    }
    if mix.expiredPercent > 0 {
      SystemClock.wait(millis: (UInt64(Self.lifetimeSeconds) + 1) * 1_000)
    }
  }

  private func issue(
    _ setup: borrowing SignetSetup, _ lifetimeSeconds: UInt32
  ) throws(BenchError) -> [[UInt8]] {
    var texts: [[UInt8]] = []
    while texts.count < TokenStore.spares {
      let user = Self.firstUser + UInt32(texts.count)
      let sets = try setup.issue(
        store.clientId, [(user, 128)], lifetimeSeconds: lifetimeSeconds)
      texts += sets.map(\.accessToken)
    }
    return texts
  }

  private func place(_ kind: TokenClass, _ texts: [[UInt8]]) throws(BenchError) {
    for number in 0..<TokenStore.spares {
      let index = TokenStore.spare(kind, number, after: store.count)
      store.setText(texts[number], at: index, user: 0)
    }
  }

  /// Live tokens with one bit of the tag changed: well formed, and not made by the service.
  private func forge() {
    for number in 0..<TokenStore.spares {
      guard var token = try? TokenText.parse(store.text(number % store.count)) else { continue }
      token.tagWord0 ^= 1 << UInt64(number % 64)
      let index = TokenStore.spare(.forged, number, after: store.count)
      store.setText(TokenText.bytes(token), at: index, user: 0)
    }
  }

  /// Keys that no server holds, for every class.
  func makeAbsentKeys() {
    forge()
    for number in 0..<TokenStore.spares {
      let forged = store.text(TokenStore.spare(.forged, number, after: store.count))
      for kind in [TokenClass.revoked, .expired] {
        store.setText(forged, at: TokenStore.spare(kind, number, after: store.count), user: 0)
      }
    }
  }
}
