import FakeSignet
import LinuxIO
import SignetClient
import Testing
import TokenWire

@testable import signetctl

/// What a run printed and how it ended.
struct Ran {
  var code: ExitCode
  var output: String
  var errors: String
}

/// Runs the tool in this process.
func run(
  _ arguments: [String], input: String = "", environment: [String: String] = [:]
) -> Ran {
  final class Captured {
    var output = ""
    var errors = ""
  }
  let captured = Captured()
  let console = Console(
    write: { text throws(SystemError) in captured.output += text },
    writeError: { captured.errors += $0 },
    readInput: { _ throws(SystemError) in Array(input.utf8) },
    environment: { environment[$0] }, usesColour: false, showsProgress: false)
  let code = Run(console: console).run(arguments)
  return Ran(code: code, output: captured.output, errors: captured.errors)
}

/// Runs one command against a script that comes after HELLO.
func run(
  _ arguments: String..., input: String = "",
  against script: @escaping @Sendable (inout FakePeer) -> Void
) -> Ran {
  let server = FakeServer { peer in
    peer.hello()
    script(&peer)
  }
  defer { server.finish() }
  return run(arguments + ["--socket", server.path], input: input)
}

/// A command line taken apart, or the error.
func parse(_ line: String...) throws(CommandError) -> ParsedArguments {
  guard case .run(let parsed) = try ArgumentParser(table: .signetctl).parse(line) else {
    throw .usage("help")
  }
  return parsed
}

func usageError(_ line: String...) -> String? {
  do throws(CommandError) {
    _ = try ArgumentParser(table: .signetctl).parse(line)
    return nil
  } catch {
    return error.message
  }
}

let client = "abcdefghijklmnopqrstuvwxyz"
