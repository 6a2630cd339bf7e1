/// The whole URL that a redirect leads to (F18, F20, F34, F35, G10; RFC 6749 4.1.2, 4.2.2;
/// RFC 9207).
///
/// The redirect URI stays as it was presented, its query included. Parameters are percent-encoded
/// once, everything but the unreserved characters of RFC 3986, so `state` comes back byte for byte.
public enum RedirectURL {
  /// - Parameters:
  ///   - redirect: what the rules answered.
  ///   - credential: the text of the code or of the access token; not looked at for an error.
  public static func text(_ redirect: Redirect, credential: [UInt8]) -> [UInt8] {
    var parameters = Parameters()
    var isInFragment = false
    switch redirect.answer {
    case .code:
      parameters.add("code", credential)
    case .token(let token):
      isInFragment = true
      parameters.add("access_token", credential)
      parameters.add("token_type", Array("bearer".utf8))
      parameters.add("expires_in", Array(String(token.expiresInSeconds).utf8))
      parameters.add("scope", token.scope)
    case .error(let error, let description, let inFragment):
      isInFragment = inFragment
      parameters.add("error", Array(error.utf8))
      parameters.add("error_description", Array(description.utf8))
    }
    parameters.addUnlessEmpty("state", redirect.state)
    parameters.addUnlessEmpty("iss", redirect.issuer)
    return redirect.uri + separator(redirect.uri, isInFragment: isInFragment) + parameters.bytes
  }

  /// What comes between the redirect URI and the first parameter.
  private static func separator(_ uri: [UInt8], isInFragment: Bool) -> [UInt8] {
    if isInFragment { return [UInt8(ascii: "#")] }
    guard let mark = uri.firstIndex(of: UInt8(ascii: "?")) else { return [UInt8(ascii: "?")] }
    let isReady = mark == uri.count - 1 || uri.last == UInt8(ascii: "&")
    return isReady ? [] : [UInt8(ascii: "&")]
  }

  /// Where a redirect would lead, for the consent page (G10): the host, with its port if one is
  /// given. Empty where the URI has no `://`.
  public static func host(of uri: [UInt8]) -> [UInt8] {
    guard let colon = uri.firstIndex(of: UInt8(ascii: ":")) else { return [] }
    let rest = uri[(colon + 1)...]
    guard rest.starts(with: Array("//".utf8)) else { return [] }
    return Array(
      rest.dropFirst(2).prefix {
        $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
      })
  }

  /// `name=value` pairs, joined by `&`.
  private struct Parameters {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ name: StaticString, _ value: [UInt8]) {
      if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
      bytes += Array(name.description.utf8)
      bytes.append(UInt8(ascii: "="))
      for byte in value { add(byte) }
    }

    mutating func addUnlessEmpty(_ name: StaticString, _ value: [UInt8]) {
      if !value.isEmpty { add(name, value) }
    }

    private mutating func add(_ byte: UInt8) {
      guard !Self.isUnreserved(byte) else {
        bytes.append(byte)
        return
      }
      bytes.append(UInt8(ascii: "%"))
      bytes.append(Self.hexDigit(byte >> 4))
      bytes.append(Self.hexDigit(byte & 15))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
      value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    /// RFC 3986 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        true
      default: false
      }
    }
  }
}
