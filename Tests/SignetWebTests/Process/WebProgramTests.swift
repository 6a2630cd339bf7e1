import Foundation
import LinuxIO
import TestSupport
import Testing
import TokenWire

@testable import signetweb

@Suite("The program, on its socket")
struct WebProgramTests {
  /// A member of a JSON answer.
  private func member(_ output: String, _ name: StaticString) -> String? {
    guard let body = output.range(of: "\r\n\r\n"),
      case .string(let value)? = try? JSONValue(bytes(String(output[body.upperBound...]))).member(
        name)
    else { return nil }
    return String(decoding: value, as: UTF8.self)
  }

  @Test("a code becomes tokens, tokens are looked at, refreshed, revoked")
  func flow() throws {
    let daemon = try RunningDaemon()
    let service = try ServiceConnection(daemon.path)
    try service.switchOn()
    let app = try service.register()
    let code = String(decoding: try service.code(app, user: "ann"), as: UTF8.self)
    let web = try RunningWeb(service: daemon.path)
    let client = "client_id=\(text(app.clientId)!)&client_secret=\(text(app.secret)!)"
    let exchange =
      "grant_type=authorization_code&code=\(code)&"
      + "redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&"
    let tokens = try web.post("/oauth/token", exchange + client)
    let access = try #require(member(tokens, "access_token"), "\(tokens)")
    let bearer = [("HTTP_AUTHORIZATION", "Bearer \(access)")]
    #expect(member(try web.get("/oauth/userinfo", bearer), "sub") == "ann")
    let seen = try web.post("/oauth/introspect", "token=\(access)&\(client)")
    #expect(member(seen, "client_id") == text(app.clientId) && member(seen, "sub") == "ann")
    let refresh = try #require(member(tokens, "refresh_token"))
    let again = try web.post(
      "/oauth/token", "grant_type=refresh_token&refresh_token=\(refresh)&\(client)")
    let second = try #require(member(again, "access_token"))
    #expect(try web.get("/oauth/userinfo", bearer).hasPrefix("Status: 401 "))
    #expect(try web.post("/oauth/revoke", "token=\(second)&\(client)").hasPrefix("Status: 200 "))
    let dead = try web.get("/oauth/userinfo", [("HTTP_AUTHORIZATION", "Bearer \(second)")])
    #expect(dead.hasPrefix("Status: 401 "))
    let wrong = try web.post(
      "/oauth/token", "grant_type=client_credentials",
      [("HTTP_AUTHORIZATION", "Basic YTpi")])
    #expect(wrong.hasPrefix("Status: 401 ") && wrong.contains("WWW-Authenticate: Basic "))
    #expect(try web.stop() == .exited(0))
    for secret in [access, second, refresh, code, text(app.secret)!] {
      #expect(!web.process.output.contains(secret))
    }
  }

  @Test("signetd goes and comes back: 503, then answers again")
  func serviceAway() throws {
    let home = try TemporaryDirectory()
    let daemon = try RunningDaemon(in: home)
    try ServiceConnection(daemon.path).switchOn()
    let web = try RunningWeb(service: daemon.path)
    let path = "/.well-known/oauth-authorization-server"
    #expect(try web.get(path).hasPrefix("Status: 200 "))
    #expect(try daemon.stop() == .exited(0))
    for _ in 0..<4 {
      let away = try web.get(path)
      #expect(away.hasPrefix("Status: 503 ") && away.contains("\r\nRetry-After: 5\r\n"))
    }
    let next = try RunningDaemon(in: home)
    for _ in 0..<4 { #expect(try web.get(path).hasPrefix("Status: 200 ")) }
    _ = try next.stop()
  }

  @Test("requests in turns on one kept connection, more of them than workers")
  func multiplexed() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let socket = try RawSocket(web.path)
    let ids = Array(UInt16(1)...20)
    var stream = ids.flatMap { FastCGIText.begin($0) }
    for id in ids {
      stream += FastCGIText.record(4, id, FastCGIText.pairs([("REQUEST_METHOD", "GET")]))
    }
    for id in ids.reversed() {
      stream += FastCGIText.record(
        4, id, FastCGIText.pairs([("DOCUMENT_URI", id % 2 == 0 ? "/none" : "/oauth/userinfo")]))
      stream += FastCGIText.record(4, id) + FastCGIText.record(5, id)
    }
    // In two pieces that end within a record.
    try socket.send(Array(stream[..<1_001]))
    try socket.send(Array(stream[1_001...]))
    // All of them, before a last one without KEEP_CONN closes the connection.
    var got: [UInt8] = []
    while FastCGIText.records(got).filter({ $0.type == 3 }).count < ids.count {
      got += try socket.readSome()
    }
    for id in ids {
      #expect(FastCGIText.output(got, id).hasPrefix(id % 2 == 0 ? "Status: 404 " : "Status: 401 "))
    }
    try socket.send(FastCGIText.request(1, [("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", "/none")]))
    #expect(FastCGIText.output(try socket.readBytesToEnd()).hasPrefix("Status: 404 "))
  }

  @Test("forged identities reach no page: Basic in REMOTE_USER, a header, a doubled parameter")
  func forged() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let basic = ("HTTP_AUTHORIZATION", "Basic cm9vdDp4")
    for name in ["REMOTE_USER", "HTTP_SIGNET_USER"] {
      #expect(try web.get("/console", [basic, (name, "root")]).hasPrefix("Status: 401 "))
    }
    let twice = try web.get("/console", [("SIGNET_USER", "ann"), ("SIGNET_USER", "root")])
    #expect(twice.hasPrefix("Status: 400 "))
    #expect(try web.process.waitForLine("SIGNET_USER is there twice"))
  }

  @Test("a peer that sends no more gets its answers, and nothing for what it left undone")
  func halfClosed() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let socket = try RawSocket(web.path)
    let request = [("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", "/none")]
    try socket.send(
      FastCGIText.request(1, request, keeps: true) + FastCGIText.request(2, request, keeps: true)
        + FastCGIText.begin(3) + [1, 4])
    socket.finishSending()
    let got = try socket.readBytesToEnd()
    for id in [1, 2] as [UInt16] {
      #expect(FastCGIText.output(got, id).hasPrefix("Status: 404 "))
    }
    #expect(!FastCGIText.records(got).contains { $0.id == 3 })
    let silent = try RawSocket(web.path)
    silent.finishSending()
    #expect(try silent.readBytesToEnd().isEmpty)
  }

  @Test("at start, the rights that the service does not give are named with page and remedy")
  func missingRights() throws {
    let home = try TemporaryDirectory()
    let path = "\(home.path)/front.sock"
    let daemon = try RunningDaemon(["--listen", "\(path) mode=0600 rights=front,front-admin"])
    let web = try RunningWeb(service: path)
    let own = getuid()
    #expect(
      try web.process.waitForLine(
        "\(path) does not give uid \(own) the rights validate (without it /oauth/userinfo will "
          + "fail); add validate to rights= of signetd's line listen = \(path)"))
    _ = try daemon.stop()
  }

  @Test("a socket without the right front is another one than was meant: no start, and why")
  func noFront() throws {
    let home = try TemporaryDirectory()
    let path = "\(home.path)/nginx.sock"
    let daemon = try RunningDaemon(["--listen", "\(path) mode=0600 rights=validate"])
    let web = try ChildProcess(
      RunningWeb.program,
      ["--listen", "\(home.path)/w", "--service", path, "--issuer", "https://a"])
    #expect(try web.waitForEnd() == .exited(77))
    #expect(
      web.output.contains(
        "error: \(path) does not give uid \(getuid()) the rights front (without it every page and "
          + "every endpoint will fail), front-admin ("))
    #expect(web.output.contains("; add front,front-admin to rights= of signetd's line listen = "))
    #expect(!web.output.contains("ready: "))
    _ = try daemon.stop()
  }

  @Test("no signetd at start: said with its remedy; what it lacks is said when it comes")
  func comesLater() throws {
    let home = try TemporaryDirectory()
    let path = "\(home.path)/front.sock"
    let web = try RunningWeb(service: path)
    #expect(
      web.process.output.contains("warning: cannot connect to \(path): there is no such sock"))
    #expect(
      web.process.output.contains(
        "every page and endpoint says 503; start signetd with listen = \(path) "
          + "rights=front,front-admin,validate, or correct service ="))
    let ann = [("SIGNET_USER", "ann")]
    #expect(try web.get("/console/applications", ann).hasPrefix("Status: 503 "))
    let daemon = try RunningDaemon(["--listen", "\(path) mode=0600 rights=front,front-admin"])
    // More than there are workers, each with a connection of its own.
    for _ in 0..<6 {
      #expect(try web.get("/console/applications", ann).hasPrefix("Status: 200 "))
    }
    #expect(
      try web.process.waitForLine("\(path) does not give uid \(getuid()) the rights validate"))
    #expect(try web.stop() == .exited(0))
    #expect(web.process.output.components(separatedBy: "does not give uid").count == 2)
    _ = try daemon.stop()
  }

  @Test("a socket behind which nobody answers: said, and no start is held up by it")
  func silent() throws {
    let home = try TemporaryDirectory()
    let path = "\(home.path)/silent.sock"
    let listener = try UnixListener.bind(path: path, modeBits: 0o600)
    let web = try RunningWeb(service: path)
    #expect(web.process.output.contains("warning: no answer within 2000 ms: until signetd answers"))
    #expect(try web.stop() == .exited(0))
    _ = listener.path
  }

  @Test("a foreign uid is closed at once, and its number told to the operator")
  func foreignUser() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock", ["--web-server-uid", "54321"])
    let socket = try RawSocket(web.path)
    _ = try socket.offer(FastCGIText.request(1, [("DOCUMENT_URI", "/none")]))
    #expect(try socket.readBytesToEnd().isEmpty)
    let own = getuid()
    #expect(
      try web.process.waitForLine("connection of uid \(own) refused; web-server-uid = \(own)"))
  }

  @Test("another protocol is closed, and the next connection is served")
  func otherProtocol() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let socket = try RawSocket(web.path)
    _ = try socket.offer(bytes("GET / HTTP/1.1\r\n\r\n"))
    #expect(try socket.readBytesToEnd().isEmpty)
    #expect(try web.get("/none").hasPrefix("Status: 404 "))
  }

  @Test("a stop answers what was begun, closes what is idle, and takes nothing new")
  func drain() throws {
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let idle = try RawSocket(web.path)
    let busy = try RawSocket(web.path)
    try idle.send(FastCGIText.record(9, 0))
    _ = try idle.readSome()
    try busy.send(
      FastCGIText.begin(1)
        + FastCGIText.record(4, 1, FastCGIText.pairs([("DOCUMENT_URI", "/none")]))
        + FastCGIText.record(9, 0))
    _ = try busy.readSome()
    web.process.signal(SIGTERM)
    #expect(try idle.readBytesToEnd().isEmpty)
    try busy.send(FastCGIText.begin(2) + FastCGIText.record(4, 1) + FastCGIText.record(5, 1))
    let rest = try busy.readBytesToEnd()
    #expect(FastCGIText.output(rest).hasPrefix("Status: 404 "))
    #expect(FastCGIText.records(rest).contains { $0.type == 3 && $0.id == 2 && $0.content[4] == 2 })
    #expect(try web.process.waitForEnd() == .exited(0))
    #expect(!FileManager.default.fileExists(atPath: web.path))
  }

  @Test("exit statuses: wrong settings 64, a socket that is served 73")
  func exitStatuses() throws {
    let wrong = try ChildProcess(RunningWeb.program, ["--isuer", "x"])
    #expect(try wrong.waitForEnd() == .exited(64))
    #expect(wrong.output.contains("--isuer: unknown flag; did you mean --issuer?"))
    let web = try RunningWeb(service: "/nowhere/s.sock")
    let second = try ChildProcess(
      RunningWeb.program,
      ["--listen", web.path, "--service", "/nowhere/s", "--issuer", "https://a"])
    #expect(try second.waitForEnd() == .exited(73))
    #expect(try web.get("/none").hasPrefix("Status: 404 "))
    let check = try ChildProcess(
      RunningWeb.program,
      ["--check-config", "--listen", "/x/w", "--service", "/nowhere/s", "--issuer", "https://a"])
    #expect(try check.waitForEnd() == .exited(0))
  }
}
