extension WebResponse {
  /// A page with the headers that every page has. It is never stored, framed or told to other
  /// sites, and loads and submits only what its policy says.
  init(_ page: Page) {
    self.init(status: page.status, contentType: "text/html; charset=utf-8", body: page.body)
    set("Content-Security-Policy", page.sources.policy)
    set("X-Frame-Options", "DENY")
    set("X-Content-Type-Options", "nosniff")
    set("Referrer-Policy", "no-referrer")
    set("Cache-Control", "no-store")
    if let seconds = page.retryAfterSeconds { set("Retry-After", "\(seconds)") }
  }
}
