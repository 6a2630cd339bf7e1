import Testing

@testable import TokenServer

struct LaunchFlagsTests {
  @Test(
    "a wrong flag is refused with a remedy",
    arguments: [
      (["--max-frames", "1"], "--max-frames: unknown flag; did you mean --max-frame?"),
      (["--embeded=/x"], "--embeded: unknown flag; did you mean --embedded?"),
      (["--"], "--: unknown flag; signetd --help lists the flags"),
      (["serve"], "serve: not a flag; flags begin with -- (signetd --help lists them)"),
      (["-v"], "-v: not a flag; flags begin with -- (signetd --help lists them)"),
      (
        ["--workers"],
        "--workers: the value is missing; write --workers VALUE or --workers=VALUE"
      ),
      (
        ["--workers", "--check-config"],
        "--workers: the value is missing; write --workers VALUE or --workers=VALUE"
      ),
      (["--workers="], "--workers: workers has no value; give one or remove the key"),
      (["--check-config=yes"], "--check-config: takes no value; leave out what follows ="),
      (["--config", "/a", "--config", "/b"], "--config: given twice; keep one"),
      (["--embedded", "x"], "--embedded: \"x\" is not an absolute path; begin the path with /"),
    ] as [([String], String)])
  func wrongFlag(_ arguments: [String], _ text: String) {
    #expect(errorText { () throws(ConfigurationError) in _ = try LaunchFlags(arguments) } == text)
  }

  @Test("both spellings of a flag say the same")
  func spellings() throws {
    let apart = try LaunchFlags(["--workers", "3", "--config", "/c", "--check-config"])
    let attached = try LaunchFlags(["--workers=3", "--config=/c", "--check-config"])
    #expect(apart == attached)
    #expect(apart.action == .checkConfiguration)
    #expect(apart.assignments.map(\.value) == ["3"])
  }

  @Test("only the first = separates: the rest belongs to the value")
  func equalsInValue() throws {
    let flags = try LaunchFlags(["--listen=/run/s rights=validate"])
    #expect(flags.assignments.map(\.value) == ["/run/s rights=validate"])
  }

  @Test("--help and --version win over mistakes")
  func help() throws {
    #expect(try LaunchFlags(["--wrong", "--help"]).action == .showHelp)
    #expect(try LaunchFlags(["--version", "x"]).action == .showVersion)
  }

  @Test("--help names every key")
  func usage() {
    for key in ConfigurationKey.allCases {
      #expect(Usage.text.contains("--\(key.rawValue) "))
      #expect(!key.summary.isEmpty)
    }
  }
}
