import Testing

/// A page as a strict reader sees it: every tag, with attributes; it refuses what does not nest, so
/// that text which broke out of its place shows.
struct PagesMarkup {
  struct Tag {
    let name: String
    let attributes: [String: String]
    /// The names of the elements around it, outermost first.
    let ancestors: [String]
    /// The number of the form that it lies in, by order of forms.
    let form: Int?
  }

  struct Broken: Error { let what: String }

  private(set) var tags: [Tag] = []
  /// All text outside tags, references resolved.
  private(set) var text = ""
  private static let voids: Set<String> = ["meta", "link", "input", "img"]

  init(_ body: [UInt8]) throws {
    let source = String(decoding: body, as: UTF8.self)
    guard source.hasPrefix("<!DOCTYPE html>\n") else { throw Broken(what: "no doctype") }
    var rest = source.dropFirst(16)
    var open: [String] = []
    var forms = -1
    while let start = rest.firstIndex(of: "<") {
      text += Self.resolved(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else { throw Broken(what: "open tag") }
      var inside = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if inside.first == "/" {
        guard open.popLast() == String(inside.dropFirst()) else {
          throw Broken(what: "</\(inside.dropFirst())> closes something else")
        }
        continue
      }
      let name = String(inside.prefix { $0 != " " })
      inside = inside.dropFirst(name.count)
      if name == "form" { forms += 1 }
      let form = name == "form" || open.contains("form") ? forms : nil
      tags.append(
        Tag(
          name: name, attributes: try Self.attributes(inside), ancestors: open, form: form))
      if !Self.voids.contains(name) { open.append(name) }
    }
    guard open.isEmpty else { throw Broken(what: "left open: \(open)") }
  }

  /// ` name="value"` and ` name`, nothing else.
  private static func attributes(_ text: Substring) throws -> [String: String] {
    var rest = text
    var found: [String: String] = [:]
    while !rest.isEmpty {
      guard rest.removeFirst() == " " else { throw Broken(what: "attributes run on: \(text)") }
      let name = String(rest.prefix { $0.isLetter || $0 == "-" })
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, found[name] == nil else { throw Broken(what: "attribute: \(text)") }
      found[name] = ""
      guard rest.hasPrefix("=\"") else { continue }
      rest = rest.dropFirst(2)
      guard let end = rest.firstIndex(of: "\"") else { throw Broken(what: "quote: \(text)") }
      found[name] = resolved(rest[..<end])
      rest = rest[rest.index(after: end)...]
    }
    return found
  }

  private static func resolved(_ text: Substring) -> String {
    var text = String(text)
    for (reference, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#13;", "\r"),
      ("&amp;", "&"),
    ] { text = text.replacing(reference, with: character) }
    return text
  }

  func all(_ name: String) -> [Tag] { tags.filter { $0.name == name } }

  func withID(_ id: String) -> Tag? { tags.first { $0.attributes["id"] == id } }

  /// The value of a hidden field.
  func hidden(_ name: String) -> String? {
    all("input").first {
      $0.attributes["type"] == "hidden" && $0.attributes["name"] == name
    }?.attributes["value"]
  }
}

/// UTF-8 as a string.
func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
