/// An attribute of an element. Its name is this program's; its value is escaped when written.
struct Attribute {
  let name: StaticString
  /// Nil: an attribute that says all by being there, such as `required`.
  let value: [UInt8]?

  static func of(_ name: StaticString, _ value: [UInt8]) -> Attribute {
    Attribute(name: name, value: value)
  }

  static func of(_ name: StaticString, _ value: StaticString) -> Attribute {
    Attribute(name: name, value: value.bytes)
  }

  static func flag(_ name: StaticString) -> Attribute { Attribute(name: name, value: nil) }

  static func id(_ value: StaticString) -> Attribute { of("id", value) }
  static func style(_ name: StaticString) -> Attribute { of("class", name) }

  /// A link inside these pages.
  static func to(_ path: PagePath) -> Attribute { of("href", path.bytes) }

  /// A link that leaves these pages.
  static func to(_ link: WebLink) -> Attribute { of("href", link.url) }
}
