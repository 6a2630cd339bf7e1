import TokenWire

/// Texts made by a few lines of Python (zlib.crc32, divmod), which share no code with the codec.
enum TokenTextSamples {
  static let word0: UInt64 = 0x0123_4567_89AB_CDEF
  static let word1: UInt64 = 0xFEDC_BA98_7654_3210
  static let word2: UInt64 = 0x8000_0000_0000_0001
  static let word3 = UInt64.max

  static let access = "sga_04F063UfDVRKBzLscmunaixMGAzL8n0Y58m9LygHa16AHYF4LhnNJ"
  static let refresh = "sgr_08F0000000000000000000001LygHa16AHYF000000000004PoK4i"
  static let code = "sgc_048000000000000000000000000000000000000000000001UXfZ4"
  static let secret = "sgs_063UfDVRKBzLscmunaixMGAzL8n0Y58m9LygHa16AHYF0GPGbf"
  static let accessor = "sgx_063UfDVRKBzLscmunaixMG1UER6K"
  static let grant = "sgg_AzL8n0Y58m9LygHa16AHYF0ABNWB"

  static let accessToken = ParsedToken(
    kind: .accessToken, keyID: 7, idWord0: word0, idWord1: word1, tagWord0: word2,
    tagWord1: word3)

  /// 2^64 and 62^11 - 1: the least and the greatest number that 11 digits write and a word does
  /// not hold.
  static let firstTooLarge = "LygHa16AHYG"
  static let lastTooLarge = "zzzzzzzzzzz"

  static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  static func digits(_ value: UInt64, count: Int) -> [UInt8] {
    var rest = value
    var digits: [UInt8] = []
    for _ in 0..<count {
      digits.insert(alphabet[Int(rest % 62)], at: 0)
      rest /= 62
    }
    return digits
  }

  /// The text with its checksum made to fit what stands before it, so that a fault planted there
  /// is the only one.
  static func refitted(_ text: [UInt8]) -> [UInt8] {
    let body = Array(text.dropLast(6))
    return body + digits(UInt64(CRC32.checksum(body.span)), count: 6)
  }

  /// `text` with the bytes from `offset` on replaced, and the checksum made to fit.
  static func refitted(_ text: String, at offset: Int, _ replacement: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    bytes.replaceSubrange(offset..<offset + replacement.utf8.count, with: replacement.utf8)
    return refitted(bytes)
  }

  /// Parses `text` as the kind that its sample is of; nil is success.
  static func fault(_ kind: TokenKind, _ text: [UInt8]) -> TokenTextFault? {
    do throws(TokenTextFault) {
      switch kind {
      case .accessToken, .refreshToken, .authorizationCode: _ = try TokenText.parse(text)
      case .clientSecret: _ = try TokenText.parseClientSecret(text)
      case .accessor, .grantReference: _ = try TokenText.parseReference(text, kind: kind)
      }
      return nil
    } catch {
      return error
    }
  }

  static let all: [(kind: TokenKind, text: String)] = [
    (.accessToken, access), (.refreshToken, refresh), (.authorizationCode, code),
    (.clientSecret, secret), (.accessor, accessor), (.grantReference, grant),
  ]
}
