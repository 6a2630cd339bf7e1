/// One HTTP response.
struct WebResponse: Equatable, Sendable {
  /// A header; the name is ours, the value may hold what others wrote.
  struct Header: Equatable, Sendable {
    let name: StaticString
    let value: [UInt8]

    static func == (left: Header, right: Header) -> Bool {
      left.name.bytes == right.name.bytes && left.value == right.value
    }
  }

  var status: Int
  private(set) var headers: [Header] = []
  var body: [UInt8]

  init(status: Int, contentType: StaticString, body: [UInt8]) {
    self.status = status
    self.body = body
    set("Content-Type", contentType)
  }

  /// Without a body.
  init(status: Int) {
    self.status = status
    body = []
  }

  /// Plain text, for what no page and no client library waits for.
  static func text(_ status: Int, _ text: String) -> WebResponse {
    var response = WebResponse(
      status: status, contentType: "text/plain; charset=utf-8", body: Array("\(text)\n".utf8))
    response.set("Cache-Control", "no-store")
    response.set("X-Content-Type-Options", "nosniff")
    return response
  }

  /// 303 See Other: the answer to a POST that did something, or a redirect back to a client.
  static func seeOther(_ location: [UInt8]) -> WebResponse {
    var response = WebResponse(status: 303)
    response.set("Location", location)
    response.set("Cache-Control", "no-store")
    return response
  }

  /// Sets a header, in place of an earlier one of the same name. A value with a control character
  /// makes the whole response unsendable: it is answered 500 in its place.
  mutating func set(_ name: StaticString, _ value: [UInt8]) {
    let key = name.bytes
    headers.removeAll { $0.name.bytes == key }
    headers.append(Header(name: name, value: value))
  }

  mutating func set(_ name: StaticString, _ value: StaticString) { set(name, value.bytes) }

  mutating func set(_ name: StaticString, _ value: String) { set(name, Array(value.utf8)) }

  /// The value of a header, nil when it is not set.
  func header(_ name: StaticString) -> [UInt8]? {
    let key = name.bytes
    return headers.first { $0.name.bytes == key }?.value
  }

  /// False when a header's value holds a CR, LF, NUL or another control character, with which it
  /// could end its line and begin another header.
  var isSendable: Bool {
    headers.allSatisfy { header in header.value.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
  }
}
