import Testing
import TokenWire

@testable import TokenServer

struct ServerConfigurationTests {
  @Test("the smallest file gives the contract's defaults")
  func defaults() throws {
    let configuration = try readConfiguration(minimalFile, cores: 3)
    #expect(configuration.dataDirectory == "/var/lib/signet")
    #expect(configuration.rootKeyFile == "/etc/signet/root.key")
    #expect(configuration.listeners.isEmpty)
    #expect(configuration.adminListener?.rights == .all)
    #expect(configuration.adminListener?.mode == 0o600)
    #expect(configuration.adminListener?.isAdmin == true)
    #expect(configuration.durability == .volatile)
    #expect(configuration.backupDirectory == nil)
    #expect(configuration.logLevel == .info)
    #expect(configuration.limits == ServerLimits(workers: 3))
    #expect(configuration.limits.maxFrameBytes == 65_536)
    #expect(configuration.limits.maxInFlight == 1_024)
    #expect(configuration.limits.idleTimeoutSeconds == 300)
  }

  @Test("nothing said of durability means durable, and every policy has its name")
  func policies() throws {
    let silent = minimalFile.replacing("durability = volatile\naccept-data-loss = yes\n", with: "")
    #expect(try readConfiguration(silent).durability == .durable)
    for policy in Durability.allCases where policy != .volatile {
      let configuration = try readConfiguration(silent + "durability = \(policy.rawValue)\n")
      #expect(configuration.durability == policy)
      #expect(configuration.text.contains("durability = \(policy.rawValue)\n"))
      #expect(!configuration.text.contains("accept-data-loss"))
    }
  }

  @Test("comments, blanks and CRLF line ends do not count")
  func blanks() throws {
    let file = minimalFile.replacing("\n", with: "  # why\r\n") + "\t# x\n\n  workers=2 \r\n"
    let configuration = try readConfiguration(file)
    #expect(configuration.limits.workers == 2)
    #expect(configuration.dataDirectory == "/var/lib/signet")
  }

  @Test("a # inside a word belongs to the value")
  func hashInValue() throws {
    let configuration = try readConfiguration(minimalFile + "backup-directory = /b#1\n")
    #expect(configuration.backupDirectory == "/b#1")
  }

  @Test("listen and allow repeat, in order")
  func repeatable() throws {
    let configuration = try readConfiguration(
      minimalFile + """
        listen = /run/a.sock mode=0660 group=www-data rights=validate
        listen = /run/b.sock rights=front,front-admin
        allow = uid:www-data rights=validate
        allow = gid:33 rights=front,issue
        """)
    #expect(
      configuration.listeners == [
        ListenerConfiguration(
          path: "/run/a.sock", mode: 0o660, group: .name("www-data"), rights: .validate),
        ListenerConfiguration(
          path: "/run/b.sock", mode: 0o660, rights: [.front, .frontAdmin]),
      ])
    #expect(
      configuration.allowRules == [
        AllowRule(subject: .user(.name("www-data")), rights: .validate),
        AllowRule(subject: .group(.number(33)), rights: [.front, .issue]),
      ])
  }

  @Test("flags win over the file; of a repeatable key they replace all")
  func flagsWin() throws {
    let file =
      minimalFile + "workers = 2\nlisten = /run/a rights=front\nlisten = /run/b rights=all\n"
    let configuration = try readConfiguration(
      file, ["--workers", "7", "--listen", "/run/c rights=validate"])
    #expect(configuration.limits.workers == 7)
    #expect(configuration.listeners.map(\.path) == ["/run/c"])
  }

  @Test("a mistake in the file counts also where a flag wins")
  func overriddenMistake() {
    let text = errorText { () throws(ConfigurationError) in
      _ = try readConfiguration(minimalFile + "workers = many\n", ["--workers", "7"])
    }
    #expect(text == "/e/s.conf:6: workers is \"many\"; give a whole number from 1 to 64")
  }

  @Test("--embedded needs nothing else, and keeps the key out of the data directory")
  func embedded() throws {
    let flags = try LaunchFlags(["--embedded", "/home/x/signet/"])
    let configuration = try ConfigurationReader.read(flags: flags, file: nil, coreCount: 1)
    #expect(configuration.embeddedDirectory == "/home/x/signet")
    #expect(configuration.dataDirectory == "/home/x/signet/data")
    #expect(configuration.rootKeyFile == "/home/x/signet/root.key")
    #expect(configuration.listeners.map(\.path) == ["/home/x/signet/run/signet.sock"])
    #expect(configuration.listeners.map(\.rights) == [.all])
    #expect(configuration.adminListener?.path == "/home/x/signet/run/admin.sock")
  }

  @Test(
    "--embedded excludes what it sets itself",
    arguments: [
      (
        ["--data-directory", "/d"],
        "--data-directory: --embedded sets data-directory itself; leave out one of the two"
      ),
      (["--config", "/c"], "--embedded: excludes --config; use one of the two"),
      (
        ["--admin-socket", "/a"],
        "--admin-socket: --embedded sets admin-socket itself; leave out one of the two"
      ),
    ] as [([String], String)])
  func embeddedConflict(_ extra: [String], _ expected: String) {
    let text = errorText { () throws(ConfigurationError) in
      let flags = try LaunchFlags(["--embedded", "/x"] + extra)
      _ = try ConfigurationReader.read(flags: flags, file: nil, coreCount: 1)
    }
    #expect(text == expected)
  }

  @Test("the effective settings, read again, are the same settings")
  func roundTrip() throws {
    let file =
      minimalFile + """
        backup-directory = /backup
        listen = /run/a.sock mode=0666 group=33 rights=validate,issue
        allow = uid:7 rights=validate,front-admin
        allow = gid:staff rights=admin
        log-level = debug
        """
    // Every number away from its default, so that none can be lost.
    let flags = NumberKey.all.flatMap { ["--\($0.key.rawValue)", "\($0.range.upperBound)"] }
    let configuration = try readConfiguration(file, flags)
    for number in NumberKey.all {
      #expect(configuration.limits[keyPath: number.field] == number.range.upperBound)
    }
    #expect(try readConfiguration(configuration.text) == configuration)
  }

  @Test("every cut of a valid file is read or refused, never a trap")
  func everyCut() throws {
    let file = Array((minimalFile + "listen = /run/a mode=0660 rights=validate\n").utf8)
    let flags = try LaunchFlags([])
    for count in 0...file.count {
      _ = try? ConfigurationReader.read(flags: flags, file: Array(file[..<count]), coreCount: 1)
      for byte: UInt8 in [0x00, 0x3D, 0x80, 0xFF] {
        _ = try? ConfigurationReader.read(
          flags: flags, file: Array(file[..<count]) + [byte], coreCount: 1)
      }
    }
  }
}
