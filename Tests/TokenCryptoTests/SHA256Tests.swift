import Testing
import TokenCrypto

/// FIPS 180-4 examples, as NIST publishes them.
@Suite("SHA-256")
struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedDigestsAgree(_ message: String, _ digest: String) {
    #expect(SHA256.hash(Array(message.utf8)).bytes == hex(digest))
  }

  @Test func piecesGiveTheDigestOfTheWhole() {
    let message = (0..<200).map { UInt8($0) }
    let whole = SHA256.hash(message)
    for cut in 0...message.count {
      var hash = SHA256()
      hash.update(message.span.extracting(..<cut))
      hash.update(message.span.extracting(cut...))
      #expect(hash.finalize() == whole)
    }
  }

  @Test func firstHalfIsTheFirstSixteenBytes() {
    let digest = SHA256.hash(Array("abc".utf8))
    #expect(digest.firstHalf.bytes == hex("ba7816bf8f01cfea414140de5dae2223"))
    #expect(digest.word0 == 0xEACF_018F_BF16_78BA)
  }
}
