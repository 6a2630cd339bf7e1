import Foundation
import TestSupport
import Testing

@testable import signetweb

@Suite("Configuration")
struct WebConfigurationTests {
  private static let least = [
    "listen = /run/w.sock", "service = /run/f.sock", "issuer = https://id.example",
  ]

  private static let accounts = WebConfigurationReader.Accounts(
    ownUserID: 42, userID: { $0 == "www-data" ? 33 : nil }, groupID: { $0 == "www" ? 34 : nil })

  private func read(
    _ lines: [String], flags: [String] = []
  ) throws(WebConfigurationError) -> WebConfiguration {
    let file = bytes(lines.map { $0 + "\n" }.joined())
    return try WebConfigurationReader.read(
      file: try WebSettingsFile.settings(in: file, name: "/etc/w.conf"),
      flags: try WebFlags(flags).settings, Self.accounts)
  }

  /// The error that the lines behind the least ones make.
  private func error(_ lines: [String], flags: [String] = []) -> String {
    do throws(WebConfigurationError) {
      _ = try read(Self.least + lines, flags: flags)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("the least that must be said, and what is taken for the rest")
  func defaults() throws {
    let configuration = try read(Self.least)
    #expect(
      configuration
        == WebConfiguration(
          listen: WebListener(path: "/run/w.sock", mode: 0o660), servicePath: "/run/f.sock",
          issuer: bytes("https://id.example"), userParameter: bytes("SIGNET_USER"),
          systemAdministrators: [], webServerUserIDs: [42],
          workers: WebLimits.workersDefault, logLevel: .info))
  }

  @Test("everything, with comments, blanks and CRLF")
  func everything() throws {
    let configuration = try read([
      "# comment", "", "  listen=/run/w.sock  mode=0600 group=www # why\r",
      "service = /run/f.sock\r",
      "issuer = http://127.0.0.1:8080/x", "user-parameter = WHO_1",
      "system-administrators = alice , root", "system-administrators = bob",
      "web-server-uid = www-data", "web-server-uid = 7", "workers = 64", "log-level = debug",
      "icons = off",
    ])
    #expect(configuration.listen == WebListener(path: "/run/w.sock", mode: 0o600, groupID: 34))
    #expect(configuration.systemAdministrators == [bytes("alice"), bytes("root"), bytes("bob")])
    #expect(configuration.webServerUserIDs == [33, 7] && configuration.workers == 64)
    #expect(configuration.userParameter == bytes("WHO_1") && configuration.logLevel == .debug)
    #expect(!configuration.showsIcons)
    // What --check-config prints means the same again.
    #expect(try read(configuration.text.split(separator: "\n").map(String.init)) == configuration)
  }

  @Test("flags win key by key, and replace all of a repeatable key's lines")
  func flags() throws {
    let configuration = try read(
      Self.least + ["web-server-uid = 1", "web-server-uid = 2", "workers = 3"],
      flags: ["--web-server-uid=9", "--workers", "5", "--issuer", "https://b"])
    #expect(configuration.webServerUserIDs == [9] && configuration.workers == 5)
    #expect(configuration.issuer == bytes("https://b"))
  }

  @Test("a flag of blanks is an error")
  func blankFlag() {
    #expect(throws: WebConfigurationError.self) { try read(Self.least, flags: ["--listen= "]) }
  }

  @Test(
    "an error names file, line, problem and remedy",
    arguments: [
      ("nonsense", "/etc/w.conf:4: \"nonsense\" is not key = value; "),
      ("isuer = x", "/etc/w.conf:4: unknown key \"isuer\"; did you mean issuer?"),
      (
        "issuer = https://b",
        "/etc/w.conf:4: issuer is given twice (first at /etc/w.conf:3); keep one"
      ),
      (
        "check-config = yes",
        "/etc/w.conf:4: \"check-config\" is no key of the file; give it on the command line"
      ),
      ("colour = red", "/etc/w.conf:4: unknown key \"colour\"; signetweb --help lists the keys"),
      ("workers =", "/etc/w.conf:4: workers has no value; "),
      (
        "service = /a\u{7}b",
        "/etc/w.conf:4: the value of service has a control character; remove it"
      ),
      ("workers = 0", "/etc/w.conf:4: workers = \"0\"; use a number from 1 to 64"),
      ("workers = 65", "/etc/w.conf:4: workers = \"65\"; "),
      ("icons = no", "/etc/w.conf:4: icons = \"no\"; use on or off"),
      ("workers = +4", "/etc/w.conf:4: workers = \"+4\"; "),
      ("log-level = debg", "/etc/w.conf:4: log level \"debg\" does not exist; did you mean debug?"),
      ("web-server-uid = nobody-here", "/etc/w.conf:4: \"nobody-here\" names no user"),
      ("web-server-uid = 4294967295", "/etc/w.conf:4: \"4294967295\" names no user"),
      ("system-administrators = a,,b", "/etc/w.conf:4: \"\" is no user id; "),
      ("system-administrators = a b", "/etc/w.conf:4: \"a b\" is no user id; "),
    ])
  func errors(_ line: String, _ beginning: String) {
    let description = error([line])
    #expect(description.hasPrefix(beginning), "\(description)")
    #expect(description.contains("; ") && !description.contains("\n"))
  }

  @Test(
    "a name that a client or a careless web server fills is no user parameter",
    arguments: [
      "HTTP_SIGNET_USER", "HTTP_", "REMOTE_USER", "REDIRECT_SIGNET_USER", "AUTH_TYPE",
      "QUERY_STRING",
      "signet_user", "SIGNET-USER", "1USER", "_USER", "A B",
    ])
  func userParameter(_ name: String) {
    #expect(error(["user-parameter = \(name)"]).hasPrefix("/etc/w.conf:4: \"\(name)\" is "))
    // Also where a flag wins over the line.
    let flag = ["--user-parameter=GOOD"]
    #expect(!error(["user-parameter = \(name)"], flags: flag).isEmpty)
  }

  @Test(
    "issuers that are none",
    arguments: [
      "http://id.example", "https://", "https:///x", "https://a/", "https://a?x", "https://a#x",
      "https://u@a", "http://localhost.evil", "http://127.0.0.10", "HTTPS://a", "id.example",
      "https://a b",
    ])
  func issuers(_ issuer: String) {
    #expect(!error([], flags: ["--issuer=\(issuer)"]).isEmpty)
  }

  @Test(
    "issuers that are some",
    arguments: [
      "https://a", "https://a.example:8443/b", "http://localhost", "http://[::1]:80",
      "http://127.0.0.1/x",
    ])
  func goodIssuers(_ issuer: String) {
    #expect(error([], flags: ["--issuer=\(issuer)"]) == "")
  }

  @Test(
    "sockets that are none",
    arguments: [
      "w.sock", "/a/../w", "/a//w", "/", "/" + String(repeating: "a", count: 107), "@abstract",
      "/w mode=0777", "/w mode=0060", "/w mode=9", "/w mode=", "/w mode=0600 mode=0600",
      "/w group=none",
      "/w rights=all", "/w x",
    ])
  func sockets(_ value: String) {
    #expect(!error([], flags: ["--listen=\(value)"]).isEmpty)
  }

  @Test("what must be said and is not", arguments: [0, 1, 2])
  func missing(_ index: Int) {
    var lines = Self.least
    let key = lines.remove(at: index).split(separator: " ")[0]
    #expect(throws: WebConfigurationError.self) { try read(lines) }
    do { _ = try read(lines) } catch { #expect(error.problem == "\(key) is missing") }
  }

  @Test(
    "flags that are none",
    arguments: [
      ["listen"], ["--lisen", "x"], ["--listen"], ["--listen", "--service"], ["--check-config=1"],
      ["--config", "/a", "--config", "/b"], ["-v"],
    ])
  func badFlags(_ arguments: [String]) {
    #expect(throws: WebConfigurationError.self) { try WebFlags(arguments) }
  }

  @Test("bytes that are no text, and a tab between words")
  func text() throws {
    let file = bytes("issuer = https://a\nservice = /a") + [0xFF, 0x0A]
    do throws(WebConfigurationError) {
      _ = try WebSettingsFile.settings(in: file, name: "/e")
      Issue.record("no text was taken")
    } catch {
      #expect(
        error.description == "/e:2: the value of service is not UTF-8; save the text as UTF-8")
    }
    let listen = ["listen =\t/w\tmode=0600 \r"]
    #expect(
      try read(Self.least.dropFirst() + listen).listen == WebListener(path: "/w", mode: 0o600))
  }

  @Test("a file that others could have written, is none, or is too large")
  func unsafeFile() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write("w.conf", Self.least.joined(separator: "\n"))
    #expect(try WebSettingsFile.read(path).count == 3)
    for mode in [0o620, 0o602] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      do throws(WebConfigurationError) {
        _ = try WebSettingsFile.read(path)
        Issue.record("mode \(mode) was taken")
      } catch {
        #expect(error.place == path && error.remedy == "chmod go-w it")
      }
    }
    #expect(throws: WebConfigurationError.self) { try WebSettingsFile.read(directory.path) }
    #expect(throws: WebConfigurationError.self) { try WebSettingsFile.read(path + "x") }
    let large = try directory.write("l", String(repeating: "#", count: 262_145))
    #expect(throws: WebConfigurationError.self) { try WebSettingsFile.read(large) }
  }
}
