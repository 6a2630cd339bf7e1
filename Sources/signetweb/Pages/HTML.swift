/// An HTML text being written, in UTF-8.
///
/// Escaping is by construction: names of elements and attributes are `StaticString`, so they are
/// this program's own, and everything else passes `escape`. There is no way to write markup that
/// came in from outside.
struct HTML {
  private(set) var bytes: [UInt8] = []

  /// A whole document, to begin with.
  static func document(_ content: (inout HTML) -> Void) -> [UInt8] {
    var html = HTML()
    html.bytes.reserveCapacity(8_192)
    html.bytes += Array("<!DOCTYPE html>\n".utf8)
    html.element("html", [.of("lang", "en")], content)
    return html.bytes
  }

  // MARK: Text

  /// Text from anywhere.
  mutating func text(_ text: [UInt8]) { Self.escape(text, into: &bytes) }

  /// Text of this program.
  mutating func text(_ text: StaticString) { self.text(text.bytes) }

  /// Text from outside where it stands among ours: set apart, so that marks in it that turn the
  /// direction of writing end with it.
  mutating func isolated(_ text: [UInt8]) { element("bdi") { $0.text(text) } }

  // MARK: Elements

  /// An element with content, which cannot be left open.
  mutating func element(
    _ name: StaticString, _ attributes: [Attribute] = [], _ content: (inout HTML) -> Void
  ) {
    begin(name, attributes)
    content(&self)
    bytes += [0x3C, 0x2F]
    bytes += name.bytes
    bytes.append(0x3E)
  }

  /// An element that holds nothing but a text of this program.
  mutating func element(
    _ name: StaticString, _ attributes: [Attribute] = [], text: StaticString
  ) {
    element(name, attributes) { $0.text(text) }
  }

  /// An element that has no content and no end: `input`, `img`, `meta`, `link`.
  mutating func void(_ name: StaticString, _ attributes: [Attribute] = []) {
    begin(name, attributes)
  }

  private mutating func begin(_ name: StaticString, _ attributes: [Attribute]) {
    bytes.append(0x3C)
    bytes += name.bytes
    for attribute in attributes {
      bytes.append(0x20)
      bytes += attribute.name.bytes
      guard let value = attribute.value else { continue }
      bytes += [0x3D, 0x22]
      Self.escape(value, into: &bytes)
      bytes.append(0x22)
    }
    bytes.append(0x3E)
  }

  // MARK: Escaping

  /// Good in element content and in quoted attributes. What is not UTF-8, and control characters
  /// that HTML does not allow, become U+FFFD.
  private static func escape(_ text: [UInt8], into output: inout [UInt8]) {
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x26: output += amp
      case 0x3C: output += less
      case 0x3E: output += greater
      case 0x22: output += quote
      case 0x27: output += apostrophe
      case 0x09, 0x0A: output.append(UInt8(scalar.value))
      // As a reference, because a parser turns the character itself into a line feed.
      case 0x0D: output += carriageReturn
      case 0..<0x20, 0x7F..<0xA0: output += replacement
      default: output += UTF8.encode(scalar).map(Array.init) ?? replacement
      }
    }
  }

  private static let amp = Array("&amp;".utf8)
  private static let less = Array("&lt;".utf8)
  private static let greater = Array("&gt;".utf8)
  private static let quote = Array("&quot;".utf8)
  private static let apostrophe = Array("&#39;".utf8)
  private static let carriageReturn = Array("&#13;".utf8)
  private static let replacement = Array("\u{FFFD}".utf8)
}
