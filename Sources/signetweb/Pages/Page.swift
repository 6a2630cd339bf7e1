/// A finished page: what it says, with which status, and from where it may load and to where its
/// forms may lead.
struct Page {
  var status: Int = 200
  var sources = PageSources()
  /// Seconds for `Retry-After`, where trying again helps.
  var retryAfterSeconds: Int?
  let body: [UInt8]
}
