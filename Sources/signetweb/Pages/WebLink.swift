/// A URL from outside that may become a link or an image: http or https and nothing else, so that
/// no `javascript:` gets where a browser would run it. The service holds its apps' URLs to the same
/// rule; here it is kept for whatever else may come.
struct WebLink {
  let url: [UInt8]
  let isHTTPS: Bool

  init?(_ url: [UInt8]) {
    if url.starts(with: Array("https://".utf8)) {
      isHTTPS = true
    } else if url.starts(with: Array("http://".utf8)) {
      isHTTPS = false
    } else {
      return nil
    }
    self.url = url
    guard !host.isEmpty else { return nil }
  }

  /// Host with port, as written.
  var host: [UInt8] {
    let rest = url[(isHTTPS ? 8 : 7)...]
    return Array(rest.prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 })
  }

  /// The source expression of a content security policy for this URL's origin.
  var source: [UInt8] {
    PageSources.source(scheme: isHTTPS ? Array("https".utf8) : Array("http".utf8), host: host)
  }
}
