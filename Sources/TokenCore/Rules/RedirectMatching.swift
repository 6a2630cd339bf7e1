/// Whether a redirect URI presented by a client is one that was registered (F10, F20; RFC 6749
/// 3.1.2.3, RFC 9700 4.1.3, RFC 8252 7.3).
///
/// Byte for byte: no case folding, no percent-decoding, no normalisation, no prefix, no wildcard.
/// The one exception is for public clients, which run on a person's own machine and listen on
/// whatever port they get: between literal `http://127.0.0.1` or `http://[::1]` addresses the port
/// may differ.
public enum RedirectMatching {
  /// - Parameters:
  ///   - registered: one callback of the application.
  ///   - presented: the URI of this authorization.
  ///   - isPublic: whether the client is a public one.
  public static func matches(registered: [UInt8], presented: [UInt8], isPublic: Bool) -> Bool {
    #if PLANTED
      if planted(.redirectMatchedByPrefix) { return presented.starts(with: registered) }
    #endif
    return registered == presented
      || (isPublic && matchesApartFromPort(registered: registered, presented: presented))
  }

  private static func matchesApartFromPort(registered: [UInt8], presented: [UInt8]) -> Bool {
    guard let left = LoopbackURI(registered), let right = LoopbackURI(presented) else {
      return false
    }
    return left == right
  }
}

/// An `http` URI whose host is a loopback address written as a number, without its port.
struct LoopbackURI: Equatable {
  /// `http://127.0.0.1` or `http://[::1]`.
  let origin: ArraySlice<UInt8>
  /// Everything after the port: path and query, or nothing.
  let rest: ArraySlice<UInt8>

  private static let origins = ["http://127.0.0.1", "http://[::1]"].map { Array($0.utf8) }

  /// nil where the URI is anything else, `localhost` among it, or its port is not a decimal number
  /// of 1...65535 without leading zero.
  init?(_ uri: [UInt8]) {
    guard let origin = Self.origins.first(where: { uri.starts(with: $0) }) else { return nil }
    self.origin = uri[..<origin.count]
    var rest = uri[origin.count...]
    if rest.first == UInt8(ascii: ":") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard Self.isPort(digits) else { return nil }
      rest = rest[digits.endIndex...]
    }
    guard let next = rest.first else {
      self.rest = rest
      return
    }
    guard next == UInt8(ascii: "/") || next == UInt8(ascii: "?") else { return nil }
    self.rest = rest
  }

  private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
    guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0") else { return false }
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
  }
}
