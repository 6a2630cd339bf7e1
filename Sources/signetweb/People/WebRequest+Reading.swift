extension WebRequest {
  /// Stops with 405 what is not GET or HEAD.
  func requireRead() throws(PageStop) {
    guard method.isRead else { throw .notAllowed("GET, HEAD") }
  }

  /// A query parameter, empty when it is absent.
  func parameter(_ name: StaticString, _ person: Person) throws(PageStop) -> [UInt8] {
    try Self.text(name, in: query, person)
  }

  /// The fields of a POST; stops where the body is no form.
  func posted(_ person: Person) throws(PageStop) -> PostedForm {
    guard let form else {
      throw .page(
        MessagePage(
          title: "This request cannot be understood", status: 415, person: person,
          text: Array("The body must be application/x-www-form-urlencoded.".utf8)
        ).page)
    }
    return PostedForm(fields: form, person: person)
  }

  /// A field that is there once at most and is UTF-8: the service closes the connection on other
  /// text, which all who share it would feel.
  static func text(
    _ name: StaticString, in fields: FieldList, _ person: Person
  ) throws(PageStop) -> [UInt8] {
    let value: [UInt8]
    do throws(FieldError) {
      value = try fields.text(name)
    } catch {
      throw .badRequest("\(error.message).", person)
    }
    guard value.isUTF8 else { throw .badRequest("\(name) is not UTF-8.", person) }
    return value
  }

  /// A list's cursor, 0 at its beginning.
  func cursor(_ person: Person) throws(PageStop) -> UInt64 {
    let text = try parameter("after", person)
    if text.isEmpty { return 0 }
    guard let cursor = UInt64(String(decoding: text, as: UTF8.self)) else {
      throw .badRequest("after is not a place in the list.", person)
    }
    return cursor
  }
}
