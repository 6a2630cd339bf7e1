/// What a token text stands for. The raw value is the third letter of its prefix, and for the
/// three signed kinds the first byte under the MAC.
///
/// Lengths are exact: no kind has two lengths, and no text has two kinds.
public enum TokenKind: UInt8, Sendable, CaseIterable {
  case accessToken = 0x61
  case refreshToken = 0x72
  case authorizationCode = 0x63
  case clientSecret = 0x73
  case accessor = 0x78
  case grantReference = 0x67

  /// Bytes of every signed text: prefix 4, version and key id 3, four words 44, checksum 6.
  public static let signedTextLength = 57
  /// Bytes of a client secret's text: prefix 4, four words 44, checksum 6.
  public static let clientSecretTextLength = 54
  /// Bytes of an accessor's or a grant reference's text: prefix 4, two words 22, checksum 6.
  public static let referenceTextLength = 32

  /// The byte that stands for this kind under the MAC: `a`, `r` or `c` for the signed kinds.
  public var macByte: UInt8 { rawValue }

  /// Whether texts of this kind carry a key id and a tag.
  public var isSigned: Bool {
    switch self {
    case .accessToken, .refreshToken, .authorizationCode: true
    case .clientSecret, .accessor, .grantReference: false
    }
  }

  /// Bytes of a text of this kind.
  public var textLength: Int {
    switch self {
    case .accessToken, .refreshToken, .authorizationCode: Self.signedTextLength
    case .clientSecret: Self.clientSecretTextLength
    case .accessor, .grantReference: Self.referenceTextLength
    }
  }

  /// The four bytes that open every text of this kind: `sg`, the letter, `_`.
  public var prefix: [UInt8] { [0x73, 0x67, rawValue, 0x5F] }

  /// `prefix` as the little-endian word that its four bytes are.
  var prefixWord: UInt32 { 0x5F00_6773 | UInt32(rawValue) << 16 }

  /// The checksum's register (not inverted) after the first three bytes of `prefix`, so that a
  /// parser that has compared the prefix starts there: 48 bytes, three steps, before the end of
  /// most bodies.
  var checksumStart: UInt32 {
    switch self {
    case .accessToken: 0x4600_5C4A
    case .refreshToken: 0xC2BE_1D94
    case .authorizationCode: 0xA80E_3D66
    case .clientSecret: 0xB5B9_2D02
    case .accessor: 0x226B_F48A
    case .grantReference: 0xAF63_F97F
    }
  }
}
