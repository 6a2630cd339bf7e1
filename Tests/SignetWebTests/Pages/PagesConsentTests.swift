import TokenWire
import Testing

@testable import signetweb

@Suite("Pages: consent")
struct PagesConsentTests {
  private func page(
    scopes: String = "user", new: String = "user", redirect: String = "https://c.example/cb",
    isPublic: Bool = false
  ) -> Page {
    var app = PagesSamples(outside: "Zap").info
    app.isPublic = isPublic
    return ConsentPage(
      person: PagesSamples.ann, app: app, callbackHost: bytes("c.example"),
      redirectURI: bytes(redirect), scopes: bytes(scopes), newScopes: bytes(new),
      ticket: bytes("TICKET"), token: bytes("TOKEN")
    ).page
  }

  @Test("who asks, for what, where the answer leads, Allow and Deny")
  func content() throws {
    let markup = try PagesMarkup(page().body)
    for part in ["Zap", "c.example", "https://h/Zap", "Act with your account"] {
      #expect(markup.text.contains(part), "\(part)")
    }
    #expect(markup.hidden("ticket") == "TICKET")
    #expect(markup.withID("allow")?.attributes["value"] == "allow")
    #expect(markup.withID("deny")?.attributes["value"] == "deny")
    let form = try #require(markup.all("form").first)
    #expect(form.attributes["action"] == "/oauth/consent")
    #expect(form.attributes["method"] == "post")
  }

  @Test("when some scopes were allowed before, the page says which and which are new")
  func widened() throws {
    let text = try PagesMarkup(page(scopes: "read user", new: "read").body).text
    #expect(text.contains("read new"))
    #expect(text.contains("user allowed before"))
    let first = try PagesMarkup(page(scopes: "read user", new: "read user").body).text
    #expect(!first.contains("read new"))
  }

  @Test("a scope without a sentence is shown by its name")
  func unknownScope() throws {
    let text = try PagesMarkup(page(scopes: "frobnicate", new: "frobnicate").body).text
    #expect(text.contains("Use the permission frobnicate"))
  }

  @Test("a public client's page warns that it cannot prove who it is")
  func publicClient() throws {
    #expect(try PagesMarkup(page(isPublic: true).body).text.contains("cannot prove who it is"))
    #expect(try !PagesMarkup(page().body).text.contains("cannot prove who it is"))
  }

  @Test(
    "forms may lead here and to that callback's origin, and to nothing else",
    arguments: [
      ("https://c.example/cb?x=1", "https://c.example"),
      ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"),
      ("https://c.example:0443/cb", "https://c.example:443"),
      ("https://c.example?x", "https://c.example"),
      // What the language of policies cannot say becomes the scheme.
      ("http://[::1]:5000/cb", "http:"), ("https://a;script-src/cb", "https:"),
      ("https://a,b/cb", "https:"), ("https://*.example/", "https:"),
      ("https://'self'/", "https:"), ("cursor://callback", "cursor:"),
      ("com.example.app:/cb", "com.example.app:"), ("x'y:/cb", "'none'"), ("nothing", "nothing:"),
    ])
  func formAction(_ redirect: String, _ source: String) {
    let policy = string(page(redirect: redirect).sources.policy)
    #expect(
      policy == """
        default-src 'none'; style-src 'self'; img-src https://i.example; \
        form-action 'self' \(source); frame-ancestors 'none'; base-uri 'none'
        """)
  }

  @Test(
    "an address of an app's own scheme is shown by the scheme: its host is anybody's",
    arguments: ["evil://c.example/cb", "evil:///cb", "evil:/c.example"])
  func ownScheme(_ redirect: String) throws {
    let markup = try PagesMarkup(page(redirect: redirect).body)
    #expect(markup.text.contains("the program on your device that opens evil:"))
    #expect(!markup.text.contains("c.example"))
  }

  @Test("other pages submit to this site only")
  func otherPages() {
    for (name, page) in PagesSamples(outside: "xx").all where name != "consent" {
      #expect(string(page.sources.policy).contains("form-action 'self';"), "\(name)")
    }
  }

  @Test("many icons shorten to the schemes")
  func manyIcons() throws {
    var sources = PageSources()
    for number in 0..<20 {
      sources.allowImage(try #require(WebLink(bytes("https://h\(number).example/i.png"))))
    }
    #expect(string(sources.policy).contains("img-src https: http:;"))
  }
}
