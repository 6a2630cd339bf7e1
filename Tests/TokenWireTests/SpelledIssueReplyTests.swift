import Testing

@testable import TokenWire

@Suite("ISSUE replies, spelled in place")
struct SpelledIssueReplyTests {
  typealias Samples = TokenTextSamples

  private let accessor = ParsedReference(kind: .accessor, word0: 7, word1: .max)
  private let grant = ParsedReference(kind: .grantReference, word0: .max, word1: 0)

  private func spelled(
    _ access: ParsedToken?, _ refresh: ParsedToken?, scope: String
  ) -> SpelledTokenSet {
    SpelledTokenSet(
      accessToken: access, expiresAt: 1_764_500_000_000, expiresInSeconds: 3_600,
      refreshToken: refresh, refreshExpiresAt: refresh == nil ? 0 : 1_767_000_000_000,
      scope: Array(scope.utf8), audience: [], accessor: accessor, grant: grant)
  }

  /// The same with its texts made first.
  private func whole(_ set: SpelledTokenSet) -> TokenSet {
    TokenSet(
      accessToken: set.accessToken.map { TokenText.bytes($0) } ?? [], expiresAt: set.expiresAt,
      expiresInSeconds: set.expiresInSeconds,
      refreshToken: set.refreshToken.map { TokenText.bytes($0) } ?? [],
      refreshExpiresAt: set.refreshExpiresAt, scope: set.scope, audience: set.audience,
      accessor: TokenText.bytes(set.accessor), grant: TokenText.bytes(set.grant))
  }

  @Test("the bytes are those of IssueReply: with and without a refresh token, of a retired key")
  func sameBytes() throws {
    var refresh = Samples.accessToken
    refresh.kind = .refreshToken
    let sets = [
      spelled(Samples.accessToken, refresh, scope: "read write"),
      spelled(Samples.accessToken, nil, scope: ""), spelled(nil, nil, scope: "read"),
    ]
    for count in 0...sets.count {
      let tokens = Array(sets[..<count])
      var writer = WireWriter(capacity: 64)
      SpelledIssueReply(position: 9, tokens: tokens).write(to: &writer)
      let reply = IssueReply(position: 9, tokens: tokens.map { whole($0) })
      #expect(try writer.contents == reply.encodedBody())
      #expect(try IssueReply(body: writer.contents) == reply)
    }
  }

  @Test("a text on the stack is the text")
  func onTheStack() {
    for keyID in [UInt8(0), 255] {
      var token = Samples.accessToken
      token.keyID = keyID
      let text = TokenText.withText(token) { span in span.indices.map { span[$0] } }
      #expect(text == TokenText.bytes(token))
    }
  }
}
