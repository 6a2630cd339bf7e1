/// One HTTP request, as the web server handed it on.
struct WebRequest: Sendable {
  let method: HTTPMethod
  /// Decoded path, beginning with `/`, without the query.
  let path: [UInt8]
  let query: FieldList
  /// The fields of the body; nil unless its type is `application/x-www-form-urlencoded`.
  let form: FieldList?
  /// Media type of the body in lower case, without parameters; empty when there is none.
  let contentType: [UInt8]
  /// At most `WebLimits.bodyBytes`.
  let body: [UInt8]
  /// Who is logged in; nil when the web server named nobody. Only people's pages may look at it.
  let person: Person?
  /// The `Authorization` header; nil without one or with an empty one. Never log it.
  let authorization: [UInt8]?

  /// Whether the path is exactly this.
  func hasPath(_ text: StaticString) -> Bool { path == text.bytes }

  /// What follows `prefix` in the path; nil when it does not begin so.
  func path(after prefix: StaticString) -> ArraySlice<UInt8>? {
    let prefix = prefix.bytes
    return path.starts(with: prefix) ? path[prefix.count...] : nil
  }
}
