/// The fields of a query or of a form: `application/x-www-form-urlencoded` text, decoded once.
///
/// Names and values are bytes. Text that cannot be decoded and lists that are too long make a list
/// whose every access throws, so that the endpoint which reads them can answer in its own form.
struct FieldList: Sendable {
  /// One `name=value`, decoded.
  struct Field: Equatable, Sendable {
    let name: [UInt8]
    let value: [UInt8]
  }

  /// In the order they came; empty when `fault` is set.
  let fields: [Field]
  /// Why nothing can be read from it.
  let fault: FieldError?

  /// Reads `a=b&c=d`. Empty parts between two `&` count for nothing.
  init(formEncoded text: some Collection<UInt8>) {
    do throws(FieldError) {
      fields = try Self.parsed(text)
      fault = nil
    } catch {
      fields = []
      fault = error
    }
  }

  /// The value of a field that must not be there twice; nil when it is not there at all. A field
  /// without a value is an empty one, which OAuth treats as absent (RFC 6749 section 3.1).
  func one(_ name: StaticString) throws(FieldError) -> [UInt8]? {
    let values = try all(name)
    if values.count > 1 { throw .repeated("\(name)") }
    return values.first
  }

  /// The same, empty when the field is absent.
  func text(_ name: StaticString) throws(FieldError) -> [UInt8] { try one(name) ?? [] }

  /// Every value of a field, in order.
  func all(_ name: StaticString) throws(FieldError) -> [[UInt8]] {
    if let fault { throw fault }
    let wanted = name.bytes
    return fields.filter { $0.name == wanted }.map(\.value)
  }

  /// Throws when any field is there twice: OAuth lets no parameter be repeated, known or not.
  func refuseRepeated() throws(FieldError) {
    if let fault { throw fault }
    var seen: Set<[UInt8]> = []
    for field in fields where !seen.insert(field.name).inserted {
      throw .repeated(String(decoding: field.name, as: UTF8.self))
    }
  }

  /// Throws when a value is not UTF-8: the service closes the connection on other text, and the
  /// client would be told to try again.
  func refuseNonText() throws(FieldError) {
    if let fault { throw fault }
    for field in fields where !field.value.isUTF8 {
      throw .notText(String(decoding: field.name, as: UTF8.self))
    }
  }

  /// Throws when one of these fields is there.
  func refuseAny(_ names: [StaticString]) throws(FieldError) {
    for name in names where try !all(name).isEmpty { throw .misplaced("\(name)") }
  }

  private static func parsed(_ text: some Collection<UInt8>) throws(FieldError) -> [Field] {
    var fields: [Field] = []
    for part in text.split(separator: UInt8(ascii: "&")) {
      if fields.count == WebLimits.fieldCount { throw .tooMany }
      let halves = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = FormDecoding.decoded(halves[0]),
        let value = halves.count == 2 ? FormDecoding.decoded(halves[1]) : []
      else { throw .badEncoding }
      if name.count > WebLimits.fieldNameBytes || value.count > WebLimits.fieldValueBytes {
        throw .tooLong
      }
      fields.append(Field(name: name, value: value))
    }
    return fields
  }
}

/// Why a field cannot be read. All of them are the client's to mend: 400, `invalid_request`.
enum FieldError: Error, Equatable, Sendable {
  /// A field that may be there once is there twice.
  case repeated(String)
  /// A `%` without two hex digits behind it.
  case badEncoding
  case tooMany
  case tooLong
  /// A value that is not UTF-8.
  case notText(String)
  /// A field of the body stands in the URL, where logs and histories keep it.
  case misplaced(String)

  /// One sentence for the client's author.
  var message: String {
    switch self {
    case .repeated(let name): "\(name) is given more than once"
    case .badEncoding: "a parameter is not form-urlencoded"
    case .tooMany: "there are more than \(WebLimits.fieldCount) parameters"
    case .tooLong: "a parameter is too long"
    case .notText(let name): "\(name) is not UTF-8"
    case .misplaced(let name): "\(name) must not stand in the URL"
    }
  }
}
