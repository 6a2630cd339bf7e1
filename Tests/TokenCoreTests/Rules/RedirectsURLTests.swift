import Testing

@testable import TokenCore

@Suite("URLs and allowlist patterns")
struct RedirectsURLTests {
  @Test(arguments: [
    "http://a", "https://client.example/", "https://client.example:8443/a?b=c&d[]=%2F",
    "http://[::1]:80/",
    "https://client.example?x", "http://127.0.0.1", "https://a.example/~user/(x)/,;=!$'*+@:",
  ])
  func F8_anHTTPURLIsAccepted(url: String) { #expect(URLRules.isWebURL(Array(url.utf8))) }

  @Test(arguments: [
    "", "http://", "https:///path", "http:/a", "HTTP://a", "Https://a", "ftp://a", "://a", "a",
    "//a/b",
    "http://user@a/", "http://user:pw@a/", "http://a/#f", "http://a/ b", "http://a\\b",
    "http://a/\u{7F}",
    "http://a/\u{1F}", "http://a/é", "http://a:/", "http://a:0/", "http://a:65536/",
    "http://a:123456/",
    "http://a:8x/", "http://[::1", "http://::1/", "http://[]/", "http://[::1]x/", "http://[g]/",
    "http://a/<b>", "http://a/\"", "http://a/{b}", "http://a/|", "http://a/^", "http://a/`",
    "http://a:1:2/",
    "http://?x", "http://:80/", "javascript:alert(1)", "javascript://a/%0aalert(1)",
    "data:text/html,x",
  ])
  func F8_anythingElseIsRefused(url: String) { #expect(!URLRules.isWebURL(Array(url.utf8))) }

  @Test(arguments: [
    ("cursor://anysphere/cb", true), ("com.example.app://oauth", true), ("myapp:///cb", true),
    ("https://a/cb", true), ("http://127.0.0.1:1/cb", true), ("javascript://a/%0aalert(1)", false),
    ("JavaScript://a", false), ("data://a", false), ("vbscript://a", false), ("FILE:///etc", false),
    ("blob://a", false), ("about://a", false), ("HTTP://a", false), ("HttpS://a", false),
    ("filesystem://a/x", false), ("view-source://a", false), ("Intent://a", false),
    ("intents://a", true),
    ("com.example.app:/oauth", false), ("cursor://", false), ("1app://a", false),
    ("my_app://a", false),
    ("cursor://user@a/cb", false), ("cursor://a/#x", false),
  ])
  func F43_ownSchemesAreAllowedButForDangerousOnes(url: String, isAllowed: Bool) {
    #expect(URLRules.isNativeRedirect(Array(url.utf8)) == isAllowed)
  }

  @Test(arguments: [
    ("https://api.example", true), ("urn:example:api", true), ("https://api.example/a?b", true),
    ("", false), ("api", false), ("https://api.example/#f", false), (":x", false), ("urn:", false),
    ("https://api example", false),
  ])
  func F45_anAudienceIsAnAbsoluteURIWithoutFragment(uri: String, isAllowed: Bool) {
    #expect(URLRules.isAudience(Array(uri.utf8)) == isAllowed)
  }

  @Test func anAudienceHasAtMost512Bytes() {
    let longest = Array("urn:".utf8) + [UInt8](repeating: 0x61, count: 508)
    #expect(URLRules.isAudience(longest))
    #expect(!URLRules.isAudience(longest + [0x61]))
  }

  @Test(arguments: [
    ("https://app.example/cb", "https://app.example/cb", true),
    ("https://app.example/cb", "https://app.example/cb?x=1", false),
    ("https://app.example/cb?*", "https://app.example/cb?x=1", true),
    ("https://app.example/cb?*", "https://app.example/cb", false),
    ("https://app.example/cb?*", "https://app.example/cb?", true),
    ("https://app.example/cb?**", "https://app.example/cb?a/b", true),
    ("https://app.example/cb?*", "https://app.example/cb?a/b", false),
    ("https://*.example/cb", "https://a.example/cb", true),
    ("https://*.example/cb", "https://a.b.example/cb", true),
    ("https://*.example/cb", "https://example/cb", false),
    ("https://*.example/cb", "https://evil.test/x.example/cb", false),
    ("https://*.example/cb", "https://evil.test?.example/cb", false),
    ("https://**.example/cb", "https://evil.test/.example/cb", false),
    ("https://app.example/*", "https://app.example/cb", true),
    ("https://app.example/*", "https://app.example/", true),
    ("https://app.example/*", "https://app.example/a/b", false),
    ("https://app.example/**", "https://app.example/a/b", true),
    ("https://app.example/**", "https://app.example", false),
    ("https://app.example/*/cb", "https://app.example/t1/cb", true),
    ("https://app.example/*/cb", "https://app.example/t1/t2/cb", false),
    ("https://app.example/a/*", "https://app.example/a/..", false),
    ("https://app.example/a/**", "https://app.example/a/../b", false),
    ("https://app.example/a/**", "https://app.example/a/%2e%2E/b", false),
    ("https://app.example/a/**", "https://app.example/a/.%2e/b", false),
    ("https://app.example/a/**", "https://app.example/a/.hidden/..b", true),
    ("http://127.0.0.1:*/cb", "http://127.0.0.1:8080/cb", true),
    ("http://127.0.0.1:*/cb", "http://127.0.0.1/cb", false),
    ("https://app.example/cb", "http://app.example/cb", false),
    ("https://app.example/cb", "https://app.example:443/cb", false),
    ("cursor://**", "cursor://a/b", false), ("cursor://*/**", "cursor://a/b", true),
    ("https://app.example/c*k", "https://app.example/callback", true),
    ("https://app.example/c*k", "https://app.example/callbacks", false),
    ("https://app.example/**/**/**/**x", "https://app.example/a/a/a/a/a/a/a/a/a/a/a/a/y", false),
    ("https://app.example/cb", "https://app.example/CB", false),
    ("https://app.example", "https://app.example/", false),
  ])
  func F43_aPatternMatchesComponentByComponent(pattern: String, url: String, matches: Bool) {
    let glob = AllowlistGlob(Array(pattern.utf8))
    #expect(glob != nil)
    #expect(glob?.matches(Array(url.utf8)) == matches)
  }

  @Test(arguments: [
    "", "*", "https", "https://", "https:///cb", "https://app.example/***", "https://***/cb",
    "https://app.example/cb?***", "*://app.example/cb", "https://app.example/#x",
    "https://user@app.example/cb", "https://app.example/a b",
  ])
  func F43_anInvalidPatternIsRefused(pattern: String) {
    #expect(AllowlistGlob(Array(pattern.utf8)) == nil)
  }
}
