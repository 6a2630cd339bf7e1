import Testing
import TestSupport

@testable import TokenServer

/// What --check-config prints is a configuration file that says the same.
struct ReadBackTests {
  private static let pieces = [
    "a", "b.c", " ", "  ", "#", " #", "=", "\"", "'", "\\", "\t", "é", "\u{202E}", "\u{FEFF}", ",",
    "mode=0600", " mode=0666", "rights=all", "%", "x y", "$HOME", "~", "*", ":",
  ]

  private static func path(_ random: inout SplitMix64) -> String {
    var path = ""
    for _ in 0...random.next() % 3 {
      path += "/"
      for _ in 0...random.next() % 4 {
        path += pieces[Int(random.next() % UInt64(pieces.count))]
      }
    }
    return path
  }

  private static func flags(_ random: inout SplitMix64) -> [String] {
    if random.next() % 4 == 0 { return ["--embedded", path(&random)] }
    var flags = [
      "--data-directory", path(&random), "--root-key-file", path(&random), "--durability",
      "volatile", "--accept-data-loss", "yes", "--admin-socket", path(&random),
    ]
    if random.next() % 2 == 0 { flags += ["--backup-directory", path(&random)] }
    for _ in 0..<random.next() % 3 {
      let right = ["all", "validate", "issue,front"][Int(random.next() % 3)]
      let group = random.next() % 2 == 0 ? "" : " group=\(random.next() % 70_000)"
      flags += ["--listen", "\(path(&random)) mode=0660\(group) rights=\(right)"]
    }
    if random.next() % 2 == 0 { flags += ["--allow", "gid:www-data rights=validate"] }
    for number in NumberKey.all where random.next() % 4 == 0 {
      let range = number.range
      let value =
        range.lowerBound + Int(random.next() % UInt64(range.upperBound - range.lowerBound + 1))
      flags += ["--\(number.key.rawValue)", "\(value)"]
    }
    return flags
  }

  @Test("every accepted configuration is printed so that it reads the same")
  func property() throws {
    var random = SplitMix64(seed: 20)
    var accepted = 0
    for _ in 0..<20_000 {
      let flags = Self.flags(&random)
      guard let launch = try? LaunchFlags(flags),
        var configuration = try? ConfigurationReader.read(
          flags: launch, file: nil, coreCount: 2)
      else { continue }
      accepted += 1
      let text = configuration.text
      // A file says in its own lines what --embedded stands for.
      configuration.embeddedDirectory = nil
      let again = try readConfiguration(text, cores: 5)
      #expect(again == configuration, "\(flags)")
    }
    #expect(accepted > 1_000)
  }

  @Test(
    "an embedded directory whose sockets no line could name is refused",
    arguments: ["/dir with blank", "/tab\there", "/end "])
  func blank(_ directory: String) {
    let text = errorText { () throws(ConfigurationError) in
      let flags = try LaunchFlags(["--embedded", directory])
      _ = try ConfigurationReader.read(flags: flags, file: nil, coreCount: 1)
    }
    #expect(text.hasPrefix("--embedded: "))
    #expect(text.contains("blank"))
  }

  @Test("what an error repeats cannot fool its reader")
  func escaped() {
    let text = errorText { () throws(ConfigurationError) in
      _ = try LaunchFlags(["--e\u{202E}x\u{200B}", "1"])
    }
    #expect(text.contains("\\u{202e}x\\u{200b}"))
    let path = errorText { () throws(ConfigurationError) in
      _ = try LaunchFlags(["--embedded", "a\u{2066}b"])
    }
    #expect(path.contains("\"a\\u{2066}b\" is not an absolute path"))
  }
}
