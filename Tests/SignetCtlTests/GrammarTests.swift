import Testing

@testable import signetctl

@Suite struct GrammarTests {
  @Test func optionsMayStandAnywhere() throws {
    let parsed = try parse("--json", "apps", "--socket", "/s", "show", "--as=bob", client)
    #expect(parsed.command.name == "apps show")
    #expect(parsed.operands == [client])
    #expect(parsed.text("as") == "bob")
    #expect(parsed.text("socket") == "/s")
    #expect(parsed.has("json"))
  }

  @Test func valuesMayContainAnEqualsSignAndBeEmpty() throws {
    let parsed = try parse("apps", "update", client, "--icon=", "--homepage=https://a/?b=c")
    #expect(parsed.text("icon") == "")
    #expect(parsed.text("homepage") == "https://a/?b=c")
  }

  @Test func twoDashesEndTheOptions() throws {
    #expect(try parse("allow", "--as", "bob", "--", "-ticket").operands == ["-ticket"])
  }

  @Test func oneDashIsAValue() throws {
    #expect(try parse("revoke", "-").operands == ["-"])
    let parsed = try parse("client-credentials", "--client", client, "--secret", "-")
    #expect(parsed.text("secret") == "-")
  }

  @Test func repeatedOptionsKeepTheirOrder() throws {
    let parsed = try parse(
      "apps", "register", "--name", "A", "--homepage", "https://a/", "--callback", "https://a/1",
      "--callback", "https://a/2")
    #expect(parsed.texts("callback") == ["https://a/1", "https://a/2"])
  }

  @Test(arguments: [
    (["aps", "list"], "there is no command 'aps'; did you mean 'apps'?"),
    (["stauts"], "there is no command 'stauts'; did you mean 'status'?"),
    (["apps", "lsit"], "apps has no 'lsit'; did you mean 'apps list'?"),
    (
      ["apps", "frobnicate"],
      "apps has no 'frobnicate'; there is register, list, show, info, update, delete, "
        + "regenerate-secret, register-dynamic"
    ),
    (["keys"], "keys needs a verb: list, rotate, retire"),
    (["status", "--jsn"], "status has no option --jsn; did you mean --json?"),
    (
      ["status", "--frobnicate"],
      "status has no option --frobnicate; see signetctl status --help"
    ),
    (["status", "--as", "bob"], "status takes no --as; it speaks for nobody but the caller"),
    (
      ["status", "--idempotency-key", "0"], "status takes no --idempotency-key; it changes nothing"
    ),
    (["status", "extra"], "'extra' is one word too many; see signetctl status --help"),
    (["apps", "show"], "apps show needs CLIENT, its client id; see signetctl apps show --help"),
    (
      ["exchange", "--client", "c"], "exchange needs --code; see signetctl exchange --help"
    ),
    (
      ["status", "--socket"],
      "--socket needs a value; write --socket VALUE, or --socket=VALUE if the value begins with -"
    ),
    (["status", "--json", "--json"], "--json is given twice"),
    (["status", "--json=yes"], "--json takes no value"),
    (["--json"], "no command; see signetctl --help"),
  ])
  func mistakesAreNamedWithTheWayOut(line: [String], message: String) {
    let ran = run(line)
    #expect(ran.code == .usage)
    #expect(
      ran.errors == "signetctl: \(message)\n"
        || ran.output.contains("\"kind\": \"usage\""))
    do throws(CommandError) {
      _ = try ArgumentParser(table: .signetctl).parse(line)
      Issue.record("parsed")
    } catch {
      #expect(error.message == message)
    }
  }

  @Test(arguments: [
    ("apps list --system-admin", "--system-admin says something about a person; add --as USER"),
    ("authorize --client c --redirect-uri u", "authorize speaks for a person; add --as USER"),
    ("apps list --as a --actor b", "--as and --actor exclude each other; keep one"),
    ("apps list --as=", "--as needs a user id"),
    ("issue --client c --count 0", "--count takes 1 to 128"),
    (
      "issue --client c --count -1",
      "--count needs a value; write --count VALUE, or --count=VALUE "
        + "if the value begins with -"
    ),
    ("issue --client c --count x", "--count takes a number of at most 65535, not 'x'"),
    (
      "issue --client c --lifetime 2w",
      "--lifetime takes a duration such as 90s, 30m, 2h or 30d, not '2w'"
    ),
    (
      "apps register --name A --homepage h --grant authorisation_code",
      "--grant: there is no grant type 'authorisation_code'; did you mean authorization_code?"
    ),
    (
      "revoke-user bob --reason deleted",
      "there is no reason 'deleted'; there is all-sessions, password-changed, user-deleted"
    ),
    ("revoke-before", "revoke-before needs TIME or --ago, one of them"),
    ("revoke-before now --ago 2h", "revoke-before needs TIME or --ago, one of them"),
    (
      "revoke-before 1700000000",
      "'1700000000' is no time; write now, 2026-11-24T14:22:49Z or Unix milliseconds"
    ),
    ("settings set provider-enabled", "'provider-enabled' is no NAME=VALUE"),
    ("keys retire 256", "KEY takes a number of at most 255, not '256'"),
    ("introspect t --secret s", "--secret and --basic are an application's; add --client"),
    ("client-credentials --client c --basic", "--basic is about how the secret came; add --secret"),
    ("allow --as bob !!", "the ticket is not base64url text; copy it whole from authorize"),
    (
      "doctor --need valid",
      "there is no right 'valid'; there is validate, front, front-admin, "
        + "issue, admin"
    ),
    (
      "doctor --as-uid no-such-user-here",
      "this host has no user 'no-such-user-here'; write a name or a uid"
    ),
    (
      "exchange --client c --secret - --code - --redirect-uri u",
      "standard input can be read once; give --code as @FILE"
    ),
  ])
  func valuesAreCheckedBeforeAnythingIsSent(line: String, message: String) {
    // No server: a connection attempt would be exit code 3.
    let ran = run(
      line.split(separator: " ").map(String.init) + ["--socket", "/tmp/signetctl-absent/s"],
      input: "secret\n")
    #expect(ran.code == .usage)
    #expect(ran.errors == "signetctl: \(message)\n")
  }

  @Test func aBadIdempotencyKeyIsRefused() {
    for key in ["12", String(repeating: "0", count: 32), String(repeating: "g", count: 32)] {
      let ran = run(["keys", "rotate", "--idempotency-key", key, "--socket", "/tmp/absent/s"])
      #expect(ran.code == .usage)
    }
  }

  @Test func everyCommandHasASummaryAndAnExampleThatParses() throws {
    for command in CommandTable.signetctl.commands {
      #expect(!command.summary.hasSuffix("."), "\(command.name)")
      let words = command.example.split(separator: " ").map(String.init)
      // An example may be a pipe into the command.
      let isPiped = words.contains("|")
      #expect(words.first == "signetctl", "\(command.name)")
      let start = try #require(words.lastIndex(of: "signetctl"))
      let line = Array(words[(start + 1)...])
      #expect(Array(line.prefix(command.path.count)) == command.path, "\(command.name)")
      guard case .run(let parsed) = try ArgumentParser(table: .signetctl).parse(line) else {
        Issue.record("\(command.name): the example is no run")
        continue
      }
      #expect(parsed.command.path == command.path)
      #expect(isPiped == parsed.operands.contains("-"), "\(command.name)")
    }
  }

  @Test func everyLevelHasHelpWithAnExample() {
    let table = CommandTable.signetctl
    let paths = [[]] + table.groups.map { [$0.name] } + table.commands.map(\.path)
    for path in paths {
      let ran = run(path + ["--help"])
      #expect(ran.code == .ok, "\(path)")
      #expect(ran.output.contains("usage: signetctl"), "\(path)")
      #expect(ran.output.contains("\nexample:\n  signetctl "), "\(path)")
      #expect(ran.errors.isEmpty)
      #expect(run(["help"] + path).output == ran.output)
      for line in ran.output.split(separator: "\n") where !line.contains("signetctl ") {
        #expect(line.count <= 80, "\(path): \(line)")
      }
    }
  }

  @Test func helpOfACommandNamesEveryOptionAndOperand() throws {
    for command in CommandTable.signetctl.commands {
      let text = try #require(HelpText(table: .signetctl).text(for: command.path))
      for option in command.allOptions { #expect(text.contains("--\(option.name)")) }
      for operand in command.operands { #expect(text.contains(operand.name)) }
    }
  }

  @Test func optionNamesAreUniqueInACommand() {
    for command in CommandTable.signetctl.commands {
      let names = command.allOptions.map(\.name)
      #expect(Set(names).count == names.count, "\(command.name)")
    }
  }

  @Test func overviewListsTheExitCodes() throws {
    let text = try #require(HelpText(table: .signetctl).text(for: []))
    for code in ExitCode.allCases { #expect(text.contains("  \(code.rawValue)  \(code.meaning)")) }
  }

  @Test func helpForNothingKnownIsAUsageError() {
    #expect(run(["help", "frobnicate"]).code == .usage)
  }

  @Test func versionIsOneLine() {
    #expect(run(["--version"]).output == "signetctl \(signetctlVersion)\n")
  }
}
