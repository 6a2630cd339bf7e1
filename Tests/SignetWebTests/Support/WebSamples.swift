import FakeSignet
import LinuxIO
import TokenWire

@testable import signetweb

/// What most tests need: a configuration, a request, a worker.
enum WebSamples {
  static func configuration(service: String = "/nowhere/s.sock") -> WebConfiguration {
    WebConfiguration(
      listen: WebListener(path: "/nowhere/w.sock", mode: 0o600), servicePath: service,
      issuer: bytes("https://id.example"), userParameter: bytes("SIGNET_USER"),
      systemAdministrators: [bytes("root")], webServerUserIDs: [0], workers: 1, logLevel: .error)
  }

  static func assembled(
    _ parameters: [(String, String)], _ body: String = ""
  ) -> AssembledRequest {
    AssembledRequest(
      requestID: 1, serial: 1, parameters: FastCGIText.pairs(parameters), body: bytes(body))
  }

  /// A POST of a form.
  static func post(
    _ path: String, _ form: String, basic: String? = nil, more: [(String, String)] = []
  ) -> AssembledRequest {
    var parameters = [
      ("REQUEST_METHOD", "POST"), ("DOCUMENT_URI", path),
      ("CONTENT_TYPE", "application/x-www-form-urlencoded"),
      ("CONTENT_LENGTH", "\(form.utf8.count)"),
    ]
    if let basic { parameters.append(("HTTP_AUTHORIZATION", "Basic \(basic)")) }
    return assembled(parameters + more, form)
  }

  static func get(_ path: String, _ more: [(String, String)] = []) -> AssembledRequest {
    assembled([("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", path)] + more)
  }

  /// The answer to a request from a worker whose service does what `script` says.
  static func answer(
    _ request: AssembledRequest, script: @escaping @Sendable (inout FakePeer) -> Void
  ) throws -> WebResponse {
    let server = FakeServer { peer in
      peer.hello()
      script(&peer)
    }
    defer { server.finish() }
    return try answer(request, service: server.path)
  }

  /// The answer from a worker whose service is at the path, or is not asked.
  static func answer(
    _ request: AssembledRequest, service: String = "/nowhere/s.sock"
  ) throws -> WebResponse {
    let configuration = configuration(service: service)
    var worker = WebWorker(
      configuration: configuration, formTokens: FormTokens(),
      log: WebLog(level: .error, LogWriter(program: "signetweb", write: { _ in })))
    return Router.respond(try WebRequest(request, configuration), &worker)
  }
}

extension WebResponse {
  var text: String { String(decoding: body, as: UTF8.self) }

  func says(_ name: StaticString) -> String? {
    header(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A member of the JSON body that is a string.
  func member(_ name: StaticString) -> String? {
    guard case .string(let value)? = try? JSONValue(body).member(name) else { return nil }
    return String(decoding: value, as: UTF8.self)
  }
}
