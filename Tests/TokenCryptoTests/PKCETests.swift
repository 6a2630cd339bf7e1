import Testing
import TokenCrypto

@Suite("PKCE S256")
struct PKCETests {
  @Test func rfc7636AppendixB() {
    let verifier = Array("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8)
    let challenge = Array("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".utf8)
    #expect(PKCE.challenge(verifier) == challenge)
    #expect(PKCE.verifier(verifier, answers: challenge) == true)
  }

  @Test func anotherVerifierOrChallengeDoesNotAnswer() {
    let verifier = Array("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".utf8)
    let challenge = Array("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".utf8)
    for index in verifier.indices {
      var other = verifier
      other[index] ^= 1
      #expect(PKCE.verifier(other, answers: challenge) == false)
    }
    for index in challenge.indices {
      var other = challenge
      other[index] ^= 1
      #expect(PKCE.verifier(verifier, answers: other) == false)
    }
    #expect(PKCE.verifier(verifier, answers: Array(challenge[..<42])) == false)
    #expect(PKCE.verifier(verifier, answers: (challenge + [0x3D])) == false)
    #expect(PKCE.verifier(verifier, answers: [UInt8]()) == false)
  }

  @Test func theVerifierIsNotItsOwnChallenge() {
    // The plain method is not supported: what was sent as a challenge does not answer itself.
    let text = Array("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".utf8)
    #expect(PKCE.verifier(text, answers: text) == false)
  }

  @Test func everyChallengeHas43CharactersOfTheURLAlphabet() {
    let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    for count in 0..<200 {
      let challenge = PKCE.challenge([UInt8](repeating: 0x61, count: count))
      #expect(challenge.count == PKCE.challengeLength)
      #expect(challenge.allSatisfy { alphabet.contains($0) })
    }
  }
}
