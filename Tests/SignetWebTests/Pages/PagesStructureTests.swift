import Testing

@testable import signetweb

/// What holds for every page, whatever it says: for people who use a keyboard or a screen reader,
/// for the content security policy, and against forged requests.
@Suite("Pages: what every page has")
struct PagesStructureTests {
  private static let pages = PagesSamples(outside: "xx").all.map(\.name)

  private func markup(_ name: String) throws -> PagesMarkup {
    let samples = PagesSamples(outside: "xx").all
    return try PagesMarkup(#require(samples.first { $0.name == name }).page.body)
  }

  @Test("language, one title, one heading of the first level, skip link to main", arguments: pages)
  func frame(_ name: String) throws {
    let page = try markup(name)
    #expect(page.all("html").first?.attributes["lang"] == "en")
    #expect(page.all("title").count == 1)
    #expect(page.all("h1").count == 1)
    #expect(page.all("main").first?.attributes["id"] == "main")
    #expect(page.all("a").first?.attributes["href"] == "#main")
    #expect(page.all("meta").contains { $0.attributes["name"] == "viewport" })
  }

  @Test("a name in the title stays between its marks, whatever it is made of")
  func titleOfAStranger() {
    var frame = PageFrame(title: "Application", person: nil)
    frame.subject = Array("a\u{2069}\u{202E}b".utf8)
    let body = String(decoding: frame.page { _ in }.body, as: UTF8.self)
    #expect(body.contains("<title>Application · \u{2068}ab\u{2069} · Signet</title>"))
  }

  @Test("nothing inline: no script, no style, no handler", arguments: pages)
  func nothingInline(_ name: String) throws {
    for tag in try markup(name).tags {
      #expect(tag.name != "script" && tag.name != "style")
      for attribute in tag.attributes.keys {
        #expect(attribute != "style" && !attribute.hasPrefix("on"))
      }
    }
  }

  @Test("each field that is seen has a label, and ids are there once", arguments: pages)
  func labels(_ name: String) throws {
    let page = try markup(name)
    let ids = page.tags.compactMap { $0.attributes["id"] }
    #expect(ids.count == Set(ids).count)
    let labelled = Set(page.all("label").compactMap { $0.attributes["for"] })
    let inputs = page.all("input").filter { $0.attributes["type"] != "hidden" }
    for field in inputs + page.all("textarea") {
      let id = try #require(field.attributes["id"])
      #expect(labelled.contains(id), "\(id)")
      let isChoice = ["radio", "checkbox"].contains(field.attributes["type"])
      #expect(!isChoice || field.ancestors.contains("fieldset"))
    }
    #expect(page.all("fieldset").count == page.all("legend").count)
  }

  @Test("what describes a field is on the page", arguments: pages)
  func descriptions(_ name: String) throws {
    let page = try markup(name)
    for tag in page.tags {
      for id in (tag.attributes["aria-describedby"] ?? "").split(separator: " ") {
        #expect(page.withID(String(id)) != nil, "\(id)")
      }
    }
  }

  @Test("every form that posts has its token, and every other one only searches", arguments: pages)
  func tokens(_ name: String) throws {
    let page = try markup(name)
    for form in page.all("form") {
      let fields = page.all("input").filter { $0.form == form.form }
      let tokens = fields.filter { $0.attributes["name"] == "csrf" }
      switch form.attributes["method"] {
      case "post": #expect(tokens.map { $0.attributes["value"] } == ["TOKEN"])
      default:
        #expect(form.attributes["role"] == "search")
        #expect(tokens.isEmpty)
      }
    }
  }

  @Test("each image has an alternative text, if an empty one, and tells no referrer")
  func images() throws {
    let page = try markup("list")
    #expect(page.all("img").count == 1)
    for image in page.all("img") {
      #expect(image.attributes["alt"] == "")
      #expect(image.attributes["referrerpolicy"] == "no-referrer")
    }
  }

  @Test("problems stand beside their fields, which are marked")
  func problems() throws {
    let page = try markup("new")
    for name in ["name", "description", "homepage", "icon_url", "callbacks"] {
      let field = try #require(page.withID(name))
      #expect(field.attributes["aria-invalid"] == "true")
      let described = try #require(field.attributes["aria-describedby"])
      #expect(described.hasPrefix("\(name)-problem"))
      #expect(page.withID("\(name)-problem") != nil)
    }
    #expect(page.text.contains("Problem: Register an application"))
  }

  @Test("only a system administrator sees the trust switch and the way to the system console")
  func ordinaryPerson() throws {
    var samples = PagesSamples(outside: "xx")
    samples.person = PagesSamples.ann
    for (name, page) in samples.all where name != "system" {
      let markup = try PagesMarkup(page.body)
      #expect(markup.tags.allSatisfy { $0.attributes["name"] != "is_trusted" }, "\(name)")
      #expect(markup.tags.allSatisfy { $0.attributes["href"] != "/console/system" }, "\(name)")
    }
    #expect(try markup("new").tags.contains { $0.attributes["name"] == "is_trusted" })
  }

  @Test("the place in the navigation is marked")
  func navigation() throws {
    let current = try markup("authorized").all("a").filter {
      $0.attributes["aria-current"] == "page"
    }
    #expect(current.map { $0.attributes["href"] } == ["/console/authorized"])
  }

  @Test("the style sheet loads nothing")
  func styleSheet() {
    let sheet = String(decoding: StyleSheet.text.bytes, as: UTF8.self)
    #expect(!sheet.contains("url(") && !sheet.contains("@import") && !sheet.contains("<"))
  }
}
