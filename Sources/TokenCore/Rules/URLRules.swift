/// The syntax of URLs that may be stored: no user information, no fragment, no control character,
/// no space, no backslash, nothing outside RFC 3986's characters. A URL is never fetched, never
/// normalised, and compared as bytes.
public enum URLRules {
  /// Whether the bytes are an absolute `http` or `https` URL, scheme in lower case, with a host.
  public static func isWebURL(_ url: [UInt8]) -> Bool {
    guard let parts = URLParts(url) else { return false }
    return parts.isHTTP || parts.isHTTPS
  }

  /// Whether the bytes are such a URL with the scheme `https`.
  public static func isHTTPS(_ url: [UInt8]) -> Bool { URLParts(url)?.isHTTPS ?? false }

  /// Whether it is `http` on a literal loopback address, which no network carries.
  public static func isLoopback(_ url: [UInt8]) -> Bool { LoopbackURI(url) != nil }

  /// A redirect URI of a dynamically registered client (F43): a web URL, or an application's own
  /// scheme, unless browsers give that scheme a meaning of their own.
  public static func isNativeRedirect(_ url: [UInt8]) -> Bool {
    guard let parts = URLParts(url) else { return false }
    let scheme = parts.scheme.map { lowercase($0) }
    if scheme == http || scheme == https { return parts.isHTTP || parts.isHTTPS }
    return !dangerousSchemes.contains(scheme)
  }

  /// An audience or `resource` (RFC 8707 2): an absolute URI without a fragment, 1 to 512 bytes.
  public static func isAudience(_ uri: [UInt8]) -> Bool {
    guard (1...Limits.audienceMaxBytes).contains(uri.count), uri.allSatisfy(isURLByte),
      let colon = uri.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    return isScheme(uri[..<colon]) && colon + 1 < uri.count
  }

  static let http = Array("http".utf8)
  static let https = Array("https".utf8)
  private static let dangerousSchemes = [
    "javascript", "data", "vbscript", "file", "blob", "about", "filesystem", "view-source",
    // Android's browsers let such a link choose the program that it opens.
    "intent",
  ].map { Array($0.utf8) }

  /// A character of RFC 3986, but for `#`.
  static func isURLByte(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !excludedBytes.contains(byte)
  }

  private static let excludedBytes = Array("\"<>\\^`{|}#".utf8)

  /// `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` (RFC 3986 3.1).
  static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy {
      isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
        || $0 == UInt8(ascii: ".")
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(lowercase(byte)) }

  static func lowercase(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
  }
}

/// Any text of the form `scheme://authority path [?query]`, in a URL's characters: a URL, or a
/// pattern of URLs.
struct URLCut {
  let scheme: ArraySlice<UInt8>
  let authority: ArraySlice<UInt8>
  let path: ArraySlice<UInt8>
  let query: ArraySlice<UInt8>?

  /// nil where a character is not allowed or there is no `scheme://`.
  init?(_ text: [UInt8]) {
    guard text.allSatisfy(URLRules.isURLByte),
      let colon = text.firstIndex(of: UInt8(ascii: ":")),
      text[colon...].starts(with: Array("://".utf8)), URLRules.isScheme(text[..<colon])
    else { return nil }
    scheme = text[..<colon]
    let rest = text[(colon + 3)...]
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
    authority = rest[..<(end ?? rest.endIndex)]
    let target = rest[(end ?? rest.endIndex)...]
    let question = target.firstIndex(of: UInt8(ascii: "?"))
    path = target[..<(question ?? target.endIndex)]
    query = question.map { target[($0 + 1)...] }
  }
}

/// `scheme://authority path [?query]`, cut where RFC 3986 cuts; nothing is decoded.
public struct URLParts: Equatable, Sendable {
  public let scheme: ArraySlice<UInt8>
  /// Host with its port, if it has one.
  public let authority: ArraySlice<UInt8>
  /// Without port; an IPv6 address with its brackets.
  public let host: ArraySlice<UInt8>
  /// With its slash, or empty.
  public let path: ArraySlice<UInt8>
  /// Without the question mark; nil where there is none.
  public let query: ArraySlice<UInt8>?

  /// The scheme is literally `http`, in lower case.
  public var isHTTP: Bool { scheme.elementsEqual(URLRules.http) }
  /// The scheme is literally `https`, in lower case.
  public var isHTTPS: Bool { scheme.elementsEqual(URLRules.https) }

  /// nil where a character, the scheme, the host or the port is not allowed, or there is user
  /// information. Schemes other than `http` and `https` may have an empty host if a path follows.
  public init?(_ url: [UInt8]) {
    guard let cut = URLCut(url), let host = Self.host(of: cut.authority) else { return nil }
    scheme = cut.scheme
    authority = cut.authority
    path = cut.path
    query = cut.query
    self.host = host
    let isWeb = isHTTP || isHTTPS
    if host.isEmpty && (isWeb || !authority.isEmpty || path.isEmpty) { return nil }
  }

  private static func host(of authority: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard !authority.contains(UInt8(ascii: "@")) else { return nil }
    var end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
    if authority.first == UInt8(ascii: "[") {
      guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      guard isAddress(authority[authority.startIndex + 1..<close]) else { return nil }
      end = close + 1
    } else if authority[..<end].contains(where: { $0 == 0x5B || $0 == 0x5D }) {
      return nil
    }
    guard end == authority.endIndex || isPort(authority[end...]) else { return nil }
    return authority[..<end]
  }

  /// What an IPv6 literal is made of.
  private static func isAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.isEmpty
      && bytes.allSatisfy {
        URLRules.isDigit($0) || (0x61...0x66).contains(URLRules.lowercase($0))
          || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
      }
  }

  /// A colon and 1 to 5 digits for 1...65535.
  private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
    let digits = bytes.dropFirst()
    guard bytes.first == UInt8(ascii: ":"), (1...5).contains(digits.count),
      digits.allSatisfy(URLRules.isDigit)
    else { return false }
    return (1...65_535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }
}
