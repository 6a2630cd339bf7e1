import Testing
import TokenCore
import TokenCrypto
import TokenWire

@testable import TokenServer

@Suite struct TokenMintTests {
  private func keyring(_ rows: [SigningKey]) -> Keyring {
    let bytes = [UInt8](repeating: 7, count: RootKey.length)
    guard let root = RootKey(copying: bytes.span) else { preconditionFailure("32 bytes") }
    let keyring = Keyring(root: root)
    keyring.publish(rows)
    return keyring
  }

  private func row(_ keyID: UInt8, _ state: SigningKey.State) -> SigningKey {
    SigningKey(
      keyID: keyID, state: state, salt: TokenID(word0: UInt64(keyID), word1: 9),
      createdAtMillis: 1)
  }

  @Test func theVersionOfTokenTextsIsTheSameInBothModules() {
    #expect(TokenText.version == TokenSigner.version)
  }

  @Test func whatIsSignedIsReadAgain() {
    var mint = TokenMint(keyring([row(0, .primary)]))
    let token = mint.accessToken()
    let text = mint.text(.accessToken, token.id, keyID: 0) ?? []
    let read = mint.read(text, as: .accessToken)
    #expect(read == .authentic(token.id, keyID: 0))
    let asRefresh = mint.read(text, as: .refreshToken)
    #expect(asRefresh == .foreign)
  }

  @Test func aTokenOfARotatedKeyIsStillReadAndOfARetiredOneNoMore() {
    let ring = keyring([row(0, .primary)])
    var mint = TokenMint(ring)
    let id = mint.id()
    let text = mint.text(.accessToken, id, keyID: 0) ?? []
    ring.publish([row(0, .verifyOnly), row(1, .primary)])
    mint.followKeys()
    mint.drawFromPool()
    let keyID = mint.keyID
    #expect(keyID == 1)
    let whileVerifyOnly = mint.read(text, as: .accessToken)
    #expect(whileVerifyOnly == .authentic(id, keyID: 0))
    ring.publish([row(0, .retired), row(1, .primary)])
    mint.followKeys()
    let whenRetired = mint.read(text, as: .accessToken)
    #expect(whenRetired == .foreign)
    let signed = mint.text(.accessToken, id, keyID: 0)
    #expect(signed == nil)
  }

  @Test func aSeedGivesTheSameIdsAndSecretAgain() {
    var mint = TokenMint(keyring([row(0, .primary)]))
    let seed = mint.drawSeed()
    mint.derive(from: seed)
    let first = [mint.id(), mint.id(), mint.familyID()]
    mint.derive(from: seed)
    let second = [mint.id(), mint.id(), mint.familyID()]
    #expect(first == second)
    #expect(Set(first).count == 3)
    let secrets = [mint.secretText(seed: seed), mint.secretText(seed: seed)]
    #expect(secrets[0] == secrets[1])
    #expect(secrets[0].count == 54)
  }

  @Test func accessorsNameTheirTokenAndAreNotIt() {
    var mint = TokenMint(keyring([row(0, .primary)]))
    let id = mint.id()
    let accessor = mint.accessorText(id)
    let reference = mint.grantReference(accessor)
    #expect(reference == .accessToken(id))
    let asToken = mint.read(accessor, as: .accessToken)
    #expect(asToken == .foreign)
    let grant = mint.grantReference(mint.grantText(id))
    #expect(grant == .grant(id))
  }

  @Test func aTicketThatWasTouchedAnywhereDoesNotOpen() {
    let mint = TokenMint(keyring([row(0, .primary)]))
    let ticket = ConsentTicket(
      id: TokenID(word0: 1, word1: 2), expiresAtMillis: 3, appRevision: 4,
      user: Array("alice".utf8), clientID: Array("abcdefghijklmnopqrstuvwxyz".utf8),
      responseType: Array("code".utf8), redirectURI: Array("https://c.example/".utf8),
      scope: Array("user".utf8), state: [], codeChallenge: [], resource: [])
    let sealed = mint.sealed(ticket)
    let opened = mint.opened(sealed)
    #expect(opened == ticket)
    for index in sealed.indices {
      var touched = sealed
      touched[index] ^= 1
      let reopened = mint.opened(touched)
      #expect(reopened == nil)
    }
  }
}
