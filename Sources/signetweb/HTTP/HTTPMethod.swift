/// The method of a request, as far as anything here tells methods apart.
enum HTTPMethod: Equatable, Sendable {
  case get, head, post
  /// Every other one: answered 405 wherever it comes.
  case other

  /// By name; methods are case sensitive (RFC 9110 section 9.1).
  init(_ name: [UInt8]) {
    switch name {
    case "GET": self = .get
    case "HEAD": self = .head
    case "POST": self = .post
    default: self = .other
    }
  }

  /// Whether it only reads: GET, or HEAD, which is a GET whose body is not sent.
  var isRead: Bool { self == .get || self == .head }
}
