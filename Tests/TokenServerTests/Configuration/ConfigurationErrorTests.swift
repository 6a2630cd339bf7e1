import Testing

@testable import TokenServer

/// A file that is complete and right; line 6 is where the cases add theirs.
let minimalFile = """
  data-directory = /var/lib/signet
  root-key-file = /etc/signet/root.key
  admin-socket = /run/signet/admin.sock
  durability = volatile
  accept-data-loss = yes

  """

func readConfiguration(
  _ file: String, _ flags: [String] = [], cores: Int = 4
) throws(ConfigurationError) -> ServerConfiguration {
  let launch = try LaunchFlags(["--config", "/e/s.conf"] + flags)
  return try ConfigurationReader.read(flags: launch, file: Array(file.utf8), coreCount: cores)
}

func errorText(_ body: () throws(ConfigurationError) -> Void) -> String {
  do throws(ConfigurationError) {
    try body()
    return "no error"
  } catch { return error.description }
}

struct FaultCase: Sendable, CustomTestStringConvertible {
  let line: String
  let text: String
  init(_ line: String, _ text: String) {
    self.line = line
    self.text = text
  }
  var testDescription: String { line }
}

private let lineFaults: [FaultCase] = [
  FaultCase("max-frames = 1", "unknown key \"max-frames\"; did you mean max-frame?"),
  FaultCase("workres = 2", "unknown key \"workres\"; did you mean workers?"),
  FaultCase("colour = red", "unknown key \"colour\"; signetd --help lists the keys"),
  FaultCase("Workers = 2", "unknown key \"Workers\"; did you mean workers?"),
  FaultCase("= 2", "unknown key \"\"; signetd --help lists the keys"),
  FaultCase(
    "embedded = /x", "\"embedded\" is no key of the file; give it on the command line"),
  FaultCase("workers 2", "\"workers 2\" is not key = value; add \"=\" or begin with #"),
  FaultCase("a\u{1B}[2Jb", "\"a\\u{1b}[2Jb\" is not key = value; add \"=\" or begin with #"),
  FaultCase("workers =", "workers has no value; give one or remove the key"),
  FaultCase("workers = # two", "workers has no value; give one or remove the key"),
  FaultCase("workers = 0", "workers is \"0\"; give a whole number from 1 to 64"),
  FaultCase("workers = 65", "workers is \"65\"; give a whole number from 1 to 64"),
  FaultCase("workers = -1", "workers is \"-1\"; give a whole number from 1 to 64"),
  FaultCase("workers = +1", "workers is \"+1\"; give a whole number from 1 to 64"),
  FaultCase("workers = two", "workers is \"two\"; give a whole number from 1 to 64"),
  FaultCase(
    "workers = 99999999999999999999",
    "workers is \"99999999999999999999\"; give a whole number from 1 to 64"),
  FaultCase(
    "max-frame = 16383", "max-frame is \"16383\"; give a whole number from 16384 to 1048576"),
  FaultCase(
    "max-in-flight = 65536", "max-in-flight is \"65536\"; give a whole number from 1 to 65535"),
  FaultCase(
    "hello-timeout-seconds = 0",
    "hello-timeout-seconds is \"0\"; give a whole number from 1 to 3600"),
  FaultCase(
    "max-tokens = 67108864", "max-tokens is \"67108864\"; give a whole number from 1 to 67108863"),
  FaultCase(
    "durability = volatile",
    "durability is given twice (first at /e/s.conf:4); keep one"),
  FaultCase("log-level = verbose", "log-level is \"verbose\"; write error, warning, info, debug"),
  FaultCase("log-level = warn", "log-level is \"warn\"; write error, warning, info, debug"),
  FaultCase("log-level = inf", "log-level is \"inf\"; did you mean info?"),
  FaultCase(
    "backup-directory = backup", "\"backup\" is not an absolute path; begin the path with /"),
  FaultCase(
    "backup-directory = /a/../b",
    "\"/a/../b\" is not a plain path; "
      + "write it without empty parts, \".\" and \"..\", at most 4095 bytes"),
  FaultCase(
    "backup-directory = /a//b",
    "\"/a//b\" is not a plain path; "
      + "write it without empty parts, \".\" and \"..\", at most 4095 bytes"),
  FaultCase(
    "backup-directory = /a\u{7}b",
    "the value of backup-directory has a control character; remove it"),
  FaultCase(
    "listen = /run/s",
    "listen says no rights; "
      + "add rights=validate (or front, front-admin, issue, admin)"),
  FaultCase(
    "listen = @signet rights=validate",
    "\"@signet\" is an abstract socket; name a path: abstract sockets have no permissions"),
  FaultCase(
    "listen = run/s rights=validate",
    "\"run/s\" is not an absolute path; begin the path with /"),
  FaultCase(
    "listen = /run/s rights=validat", "\"validat\" is no right; did you mean validate?"),
  FaultCase(
    "listen = /run/s rights=validate,,front",
    "\"\" is no right; the rights are validate, front, front-admin, issue, admin and all"),
  FaultCase(
    "listen = /run/s mode=0777 rights=validate",
    "mode=\"0777\" is no mode of a socket; use 0600, 0660 or 0666"),
  FaultCase(
    "listen = /run/s mode=0060 rights=validate",
    "mode=\"0060\" is no mode of a socket; use 0600, 0660 or 0666"),
  FaultCase(
    "listen = /run/s mode=rw rights=validate",
    "mode=\"rw\" is no mode of a socket; use 0600, 0660 or 0666"),
  FaultCase(
    "listen = /run/s group=a/b rights=validate",
    "\"a/b\" is no name or number of an account; "
      + "use a name of letters, digits, '.', '_' and '-', or a number below 4294967295"),
  FaultCase(
    "listen = /run/s modes=0660 rights=validate",
    "\"modes\" means nothing here; did you mean mode?"),
  FaultCase(
    "listen = /run/s 0660 rights=validate",
    "\"0660\" is not name=value; after the first word come only mode=, group=, rights="),
  FaultCase(
    "listen = /run/s rights=validate rights=front", "rights= is given twice; keep one"),
  FaultCase(
    "allow = www-data rights=validate",
    "\"www-data\" names neither a user nor a group; write uid:NAME or gid:NAME"),
  FaultCase(
    "allow = uid:4294967295 rights=validate",
    "\"4294967295\" is no name or number of an account; "
      + "use a name of letters, digits, '.', '_' and '-', or a number below 4294967295"),
  FaultCase(
    "allow = uid: rights=validate",
    "\"\" is no name or number of an account; "
      + "use a name of letters, digits, '.', '_' and '-', or a number below 4294967295"),
  FaultCase(
    "allow = uid:7",
    "allow says no rights; "
      + "add rights=validate (or front, front-admin, issue, admin)"),
  FaultCase(
    "allow = uid:7 rights=root",
    "\"root\" is no right; the rights are validate, front, front-admin, issue, admin and all"),
  FaultCase(
    "max-connections = 16\nadmin-reserved-connections = 16",
    "admin-reserved-connections (16) leaves nothing of max-connections (16); "
      + "raise max-connections"),
  FaultCase(
    "max-frame = 1048576\nwrite-buffer-bytes = 65536",
    "write-buffer-bytes (65536) is below max-frame (1048576); raise write-buffer-bytes"),
]

struct ConfigurationErrorTests {
  @Test("a wrong line is refused with file, line and remedy", arguments: lineFaults)
  func lineFault(_ fault: FaultCase) {
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(minimalFile + fault.line + "\n")
    }
    let line = 5 + fault.line.split(separator: "\n").count
    #expect(text == "/e/s.conf:\(line): \(fault.text)")
  }

  @Test(
    "a missing key is named with the line to add",
    arguments: [
      FaultCase(
        "data-directory",
        "data-directory is not set; add \"data-directory = /var/lib/signet\" "
          + "or start with --embedded DIRECTORY"),
      FaultCase(
        "root-key-file", "root-key-file is not set; add \"root-key-file = /etc/signet/root.key\""),
      FaultCase(
        "admin-socket",
        "no socket is configured; "
          + "add \"admin-socket = /run/signet/admin.sock\" or a listen line"),
      FaultCase(
        "accept-data-loss",
        "durability = volatile loses every token, grant and app at a stop; "
          + "add \"accept-data-loss = yes\" if that is what you want"),
    ])
  func missingKey(_ fault: FaultCase) {
    let lines = minimalFile.split(separator: "\n").filter { !$0.hasPrefix(fault.line) }
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(lines.joined(separator: "\n"))
    }
    #expect(text == "configuration: \(fault.text)")
  }

  @Test(
    "durability = volatile with accept-data-loss = no is refused")
  func dataLossNotAccepted() {
    let file = minimalFile.replacing("accept-data-loss = yes", with: "accept-data-loss = no")
    let text = errorText { () throws(ConfigurationError) in _ = try readConfiguration(file) }
    #expect(text.hasPrefix("configuration: durability = volatile loses every token"))
    let maybe = minimalFile.replacing("accept-data-loss = yes", with: "accept-data-loss = maybe")
    #expect(
      errorText { () throws(ConfigurationError) in _ = try readConfiguration(maybe) }
        == "/e/s.conf:5: accept-data-loss is \"maybe\"; write yes or no")
    let typo = minimalFile.replacing("durability = volatile", with: "durability = durabel")
    #expect(
      errorText { () throws(ConfigurationError) in _ = try readConfiguration(typo) }
        == "/e/s.conf:4: durability \"durabel\" does not exist; did you mean durable?")
  }

  @Test("a root key below the data or backup directory is refused")
  func rootKeyInData() {
    for (path, what) in [("/var/lib/signet/k", "data"), ("/backup/k", "backup")] {
      let file =
        minimalFile.replacing("/etc/signet/root.key", with: path) + "backup-directory = /backup\n"
      let text = errorText { () throws(ConfigurationError) in _ = try readConfiguration(file) }
      #expect(
        text == "/e/s.conf:2: the root key lies in the \(what) directory; move it elsewhere: "
          + "whoever gets a copy of the data must not get the key")
    }
    // A name that only begins alike is no path below.
    let beside = minimalFile.replacing("/etc/signet/root.key", with: "/var/lib/signet-key")
    #expect(throws: Never.self) { try readConfiguration(beside) }
  }

  @Test("bytes that are no text are refused on their line")
  func notUTF8() throws {
    let bytes = Array("workers = 2\nlog-level = ".utf8) + [0xFF, 0x0A]
    let flags = try LaunchFlags(["--config", "/e/s.conf"])
    let text = errorText { () throws(ConfigurationError) in
      _ = try ConfigurationReader.read(flags: flags, file: bytes, coreCount: 1)
    }
    #expect(
      text == "/e/s.conf:2: the value of log-level is not UTF-8; save the text as UTF-8")
  }

  @Test("two sockets on one path are refused")
  func sameSocket() {
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(minimalFile + "listen = /run/signet/admin.sock rights=front\n")
    }
    #expect(
      text == "/e/s.conf:3: the socket \"/run/signet/admin.sock\" is named twice; "
        + "give each its own path")
  }

  @Test("a socket path that the system cannot bind is refused")
  func longSocketPath() {
    let path = "/" + String(repeating: "s", count: 107)
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(minimalFile + "listen = \(path) rights=validate\n")
    }
    #expect(
      text == "/e/s.conf:6: the socket path has 108 bytes, the system allows 107; "
        + "choose a shorter directory")
  }

  @Test("a file that is too large is refused")
  func hugeFile() {
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(String(repeating: "#", count: 262_145))
    }
    #expect(
      text == "/e/s.conf: the file is larger than 262144 bytes; is this the configuration file?")
  }
}
