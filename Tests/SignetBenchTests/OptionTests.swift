import Testing

@testable import signetbench

@Suite struct OptionTests {
  private let command = BenchCommand(
    name: "sample", summary: "for a test",
    options: [
      .required("socket", "PATH", "where"), .value("depth", "N", "how deep"),
      .flag("quiet", "no line"),
    ],
    example: "signetbench sample --socket s", run: { _ in .ok })

  @Test func valuesComeAttachedOrApart() throws {
    let options = try ParsedOptions(["--socket=a=b", "--depth", "16", "--quiet"], of: command)
    #expect(options.required("socket") == "a=b")
    #expect(try options.number("depth", in: 1...100, default: 1) == 16)
    #expect(options.has("quiet"))
  }

  @Test(arguments: [
    [], ["--socket"], ["--socket", "--quiet"], ["--socket", "a", "--socket", "b"],
    ["--socket", "a", "--dept", "1"], ["--socket", "a", "--quiet=1"], ["a"],
  ])
  func mistakesAreUsageErrors(_ arguments: [String]) {
    #expect {
      _ = try ParsedOptions(arguments, of: command)
    } throws: {
      ($0 as? BenchError)?.exitCode == .usage
    }
  }

  @Test(arguments: ["0", "101", "x", "-1", "1.5", ""])
  func numbersOutsideTheRangeAreRefused(_ text: String) throws {
    let options = try ParsedOptions(["--socket", "s", "--depth=\(text)"], of: command)
    #expect(throws: BenchError.self) { try options.number("depth", in: 1...100, default: 1) }
  }

  @Test func everyCommandHasHelpWithAnExample() {
    for command in CommandTable.signetbench.commands {
      #expect(command.help.contains("example:\n  signetbench \(command.name)"))
      #expect(CommandTable.signetbench.help.contains(command.summary))
    }
  }
}
