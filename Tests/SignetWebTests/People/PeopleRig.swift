import FakeSignet
import LinuxIO
import Testing
import TokenWire

@testable import signetweb

/// A worker before a scripted service, and requests as a browser sends them.
struct PeopleRig: ~Copyable {
  var worker: WebWorker
  let server: FakeServer

  /// `script` comes after HELLO.
  init(showsIcons: Bool = true, _ script: @escaping @Sendable (inout FakePeer) -> Void) {
    let server = FakeServer { peer in
      peer.hello()
      script(&peer)
    }
    self.server = server
    worker = Self.worker(path: server.path, showsIcons: showsIcons)
  }

  /// No script: nothing may be asked of the service. Nobody listens at this path.
  static func workerAlone() -> WebWorker { worker(path: "/tmp/no-signet-here/s.sock") }

  /// A worker before the service at this path.
  static func worker(path: String, showsIcons: Bool = true) -> WebWorker {
    var configuration = WebConfiguration(
      listen: WebListener(path: "/tmp/unused", mode: 0o600, groupID: nil), servicePath: path,
      issuer: bytes("https://id.example"), userParameter: bytes("SIGNET_USER"),
      systemAdministrators: [bytes("root")], webServerUserIDs: [0], workers: 1, logLevel: .error)
    configuration.showsIcons = showsIcons
    return WebWorker(
      configuration: configuration, formTokens: FormTokens(),
      log: WebLog(level: .error, LogWriter(program: "signetweb", write: { _ in })))
  }

  mutating func get(_ target: String, _ person: Person = PagesSamples.ann) -> WebResponse {
    worker.get(target, person)
  }

  mutating func post(
    _ target: String, _ fields: [(String, [UInt8])], _ person: Person = PagesSamples.ann
  ) -> WebResponse {
    worker.post(target, fields, person)
  }
}

extension WebWorker {
  mutating func get(
    _ target: String, _ person: Person = PagesSamples.ann, method: HTTPMethod = .get
  ) -> WebResponse {
    let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
    return respond(
      method, parts[0], query: bytes(parts.count == 2 ? parts[1] : ""), form: nil, person)
  }

  mutating func post(
    _ path: String, _ fields: [(String, [UInt8])], _ person: Person = PagesSamples.ann
  ) -> WebResponse {
    var body: [UInt8] = []
    for (name, value) in fields {
      body += bytes(body.isEmpty ? "" : "&") + bytes(name + "=")
      for byte in value {
        let hex = String(byte, radix: 16)
        body += bytes("%" + (hex.count == 1 ? "0" : "") + hex)
      }
    }
    return respond(.post, path, query: [], form: body, person)
  }

  mutating func respond(
    _ method: HTTPMethod, _ path: String, query: [UInt8], form: [UInt8]?, _ person: Person
  ) -> WebResponse {
    let request = WebRequest(
      method: method, path: bytes(path), query: FieldList(formEncoded: query),
      form: form.map { FieldList(formEncoded: $0) }, contentType: [], body: form ?? [],
      person: person, authorization: nil)
    return PeoplePages.respond(request, person, &self)
      ?? PeoplePages.failure(404, "There is no such page.")
  }

  /// A good token, as a page shown now would have it.
  borrowing func good(
    _ act: StaticString, _ object: String = "", _ person: Person = PagesSamples.ann
  ) -> [UInt8] {
    formTokens.issue(FormSubject(user: person.userID, act: act, object: bytes(object)))
  }
}

extension WebResponse {
  var location: String { String(decoding: header("Location") ?? [], as: UTF8.self) }

  func markup() throws -> PagesMarkup { try PagesMarkup(body) }
}
