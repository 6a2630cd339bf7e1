extension WebRequest {
  /// The web server sent what cannot be understood in one way only: 400, whoever it is for.
  struct Fault: Error, Equatable {
    let message: String
  }

  /// Reads a request from the parameters and body that the web server sent.
  ///
  /// The person comes from the configured parameter and from nothing else: what begins `HTTP_` is
  /// the client's own word, and stock parameters such as REMOTE_USER are filled by some web servers
  /// from a Basic header that nobody checked. A parameter that is looked at here and is there twice
  /// is a fault.
  init(
    _ assembled: AssembledRequest, _ configuration: WebConfiguration
  ) throws(Fault) {
    do throws(ParameterList.Fault) {
      let parameters = try ParameterList(assembled.parameters)
      method = HTTPMethod(try parameters.one("REQUEST_METHOD") ?? [])
      path = try Self.path(parameters)
      query = FieldList(formEncoded: try parameters.one("QUERY_STRING") ?? [])
      contentType = Self.mediaType(try parameters.one("CONTENT_TYPE") ?? [])
      // Empty is how web servers pass on a header that was not there.
      authorization = try parameters.one("HTTP_AUTHORIZATION").flatMap { $0.isEmpty ? nil : $0 }
      person = try Self.person(parameters, path, configuration)
      body = assembled.body
      let isForm = contentType == StaticString("application/x-www-form-urlencoded").bytes
      form = isForm ? FieldList(formEncoded: body) : nil
      try Self.checkLength(try parameters.one("CONTENT_LENGTH") ?? [], body.count)
    } catch {
      throw Fault(message: error.message)
    }
  }

  /// The path by whichever parameter names it: DOCUMENT_URI (nginx), SCRIPT_NAME with PATH_INFO
  /// (CGI), else REQUEST_URI without its query.
  private static func path(_ parameters: ParameterList) throws(ParameterList.Fault) -> [UInt8] {
    if let path = try parameters.one("DOCUMENT_URI"), !path.isEmpty { return path }
    let script = try parameters.one("SCRIPT_NAME") ?? []
    let path = script + (try parameters.one("PATH_INFO") ?? [])
    if !path.isEmpty { return path }
    let whole = try parameters.one("REQUEST_URI") ?? []
    return Array(whole.prefix { $0 != UInt8(ascii: "?") })
  }

  /// `Type/Subtype; parameters` in lower case without the parameters.
  private static func mediaType(_ value: [UInt8]) -> [UInt8] {
    let bare = value.prefix { $0 != UInt8(ascii: ";") }
    let end = bare.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? 0
    return bare[..<end].asciiLowercased
  }

  /// Nobody where programs are answered: there a client's own Basic header may have come to stand
  /// in the parameter, and what it says is the client's business.
  private static func person(
    _ parameters: ParameterList, _ path: [UInt8], _ configuration: WebConfiguration
  ) throws(ParameterList.Fault) -> Person? {
    guard let name = try parameters.one(configuration.userParameter), !name.isEmpty,
      PeoplePath.contains(path)
    else { return nil }
    guard name.count <= 128, name.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw ParameterList.Fault(
        message: "the user's name is not 1 to 128 printable ASCII characters without spaces")
    }
    return Person(
      userID: name, isSystemAdmin: configuration.systemAdministrators.contains(name))
  }

  /// A body that was cut short on its way must not be taken for a whole one.
  private static func checkLength(
    _ declared: [UInt8], _ found: Int
  ) throws(ParameterList.Fault) {
    if declared.isEmpty { return }
    guard Int(String(decoding: declared, as: UTF8.self)) == found else {
      throw ParameterList.Fault(message: "the body has another length than declared")
    }
  }
}
