import Testing
import TokenWire

@testable import signetweb

@Suite("Pages: what came from outside stays text")
struct PagesEscapingTests {
  private static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onclick='x", "</textarea>",
    "</title><b>", "&lt;&amp;", "<!--", "]]>", "`",
  ]

  @Test("a hostile text changes the elements of no page", arguments: hostile)
  func elementsStay(_ text: String) throws {
    let harmless = PagesSamples(outside: "xx").all
    for (page, plain) in zip(PagesSamples(outside: text).all, harmless) {
      let tags = try PagesMarkup(page.page.body).tags
      let expected = try PagesMarkup(plain.page.body).tags
      #expect(tags.map(\.name) == expected.map(\.name), "\(page.name)")
      for (tag, other) in zip(tags, expected) {
        #expect(tag.attributes.keys.sorted() == other.attributes.keys.sorted(), "\(page.name)")
      }
    }
  }

  @Test("text comes out as it went in", arguments: hostile + ["é 漢 🙂", "a\nb\tc"])
  func roundTrip(_ text: String) throws {
    let page = MessagePage(title: "T", status: 200, text: bytes(text)).page
    #expect(try PagesMarkup(page.body).text.contains(text))
  }

  @Test("what was typed into a text field of several lines keeps its first line feed")
  func textAreaKeepsLineFeed() throws {
    var form = ApplicationForm()
    form.description = bytes("\nfirst")
    let page = ApplicationFormPage(person: PagesSamples.ann, form: form, token: []).page
    #expect(string(page.body).contains("\n\nfirst</textarea>"))
  }

  @Test("bytes that are not UTF-8 and control characters become U+FFFD")
  func badBytes() throws {
    let page = MessagePage(
      title: "T", status: 200, text: [0x61, 0xFF, 0x00, 0x1B, 0xC2, 0x85, 0x62]
    ).page
    #expect(string(page.body).contains("a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b"))
  }

  @Test(
    "only http and https become links and images",
    arguments: [
      "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example/", "",
      " https://a.example/", "https://", "http:///x",
    ])
  func noOtherScheme(_ url: String) throws {
    var app = PagesSamples(outside: "xx").entry()
    app.homepage = bytes(url)
    app.iconUrl = bytes(url)
    let page = ApplicationPage(person: PagesSamples.ann, app: app).page
    let markup = try PagesMarkup(page.body)
    #expect(markup.all("img").isEmpty)
    let foreign = markup.all("a").filter { $0.attributes["rel"] != nil }
    #expect(foreign.isEmpty)
    #expect(!string(page.sources.policy).contains("img-src"))
  }

  @Test("a path's foreign parts cannot leave the site or end it")
  func paths() {
    let path = PagePath.application(bytes("../x?y#z/é")).with("q", bytes("a&b=c d"))
    #expect(
      string(path.bytes)
        == "/console/applications/..%2Fx%3Fy%23z%2F%C3%A9?q=a%26b%3Dc%20d")
  }
}
