/// From where a page may take images and to where its forms may lead: the parts of its content
/// security policy that differ from page to page.
struct PageSources {
  /// Besides this site: where a browser may be sent in answer to this page's forms. Browsers hold
  /// redirects after a POST to it too.
  private(set) var formTargets: [[UInt8]] = []
  private(set) var images: [[UInt8]] = []

  /// Above this many origins the whole schemes are named, so that the header stays short: web
  /// servers give a FastCGI answer's headers one page of memory.
  private static let imagesMax = 6
  private static let schemes = [Array("https:".utf8), Array("http:".utf8)]

  mutating func allowForms(to callback: [UInt8]) {
    formTargets = [Self.source(of: callback)]
  }

  mutating func allowImage(_ link: WebLink) {
    let source = link.source
    if images == Self.schemes || images.contains(source) { return }
    images.append(source)
    if images.count > Self.imagesMax { images = Self.schemes }
  }

  /// The header's value.
  var policy: [UInt8] {
    var value = Array("default-src 'none'; style-src 'self'".utf8)
    if !images.isEmpty {
      value += Array("; img-src".utf8)
      for source in images { value += [0x20] + source }
    }
    value += Array("; form-action 'self'".utf8)
    for source in formTargets { value += [0x20] + source }
    value += Array("; frame-ancestors 'none'; base-uri 'none'".utf8)
    return value
  }

  /// The source expression for where a URL leads: its origin, or its scheme where the scheme is
  /// an app's own and so has no origins.
  static func source(of url: [UInt8]) -> [UInt8] {
    if let link = WebLink(url) { return link.source }
    let scheme = Array(url.prefix { $0 != 0x3A })
    return isScheme(scheme) ? scheme + [0x3A] : Array("'none'".utf8)
  }

  /// `scheme://host`, or `scheme:` where the language of policies cannot say the host: it has no
  /// IPv6 literals, and a `;` or `,` in a host, which RFC 3986 allows, would end the directive.
  static func source(scheme: [UInt8], host: [UInt8]) -> [UInt8] {
    let parts = host.split(separator: 0x3A, maxSplits: 1, omittingEmptySubsequences: false)
    let name = Array(parts[0])
    var source = scheme + [0x3A]
    guard !name.isEmpty, name.allSatisfy(isHostByte) else { return source }
    source += [0x2F, 0x2F] + name
    if parts.count == 2 {
      guard parts[1].allSatisfy({ (0x30...0x39).contains($0) }) else { return scheme + [0x3A] }
      // 0443 is the port 443.
      let port = parts[1].drop { $0 == 0x30 }
      if !port.isEmpty { source += [0x3A] + port }
    }
    return source
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
    default: false
    }
  }

  private static func isScheme(_ text: [UInt8]) -> Bool {
    guard let first = text.first, (0x61...0x7A).contains(first | 0x20) else { return false }
    return text.allSatisfy { isHostByte($0) || $0 == 0x2B }
  }
}
