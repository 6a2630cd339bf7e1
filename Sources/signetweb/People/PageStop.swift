/// Why a handler does not go on: what the person gets instead.
enum PageStop: Error {
  case page(Page)
  /// The service refused, or is away.
  case fault(ServiceFault)
  /// The address takes these methods.
  case notAllowed(StaticString)
  /// No page is at that address.
  case nothingHere

  /// 400, with a sentence about the request.
  static func badRequest(_ text: String, _ person: Person) -> PageStop {
    .page(
      MessagePage(
        title: "This request cannot be understood", status: 400, person: person,
        text: Array(text.utf8)
      ).page)
  }
}
