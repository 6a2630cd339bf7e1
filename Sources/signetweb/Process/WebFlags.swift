internal import LinuxIO

/// The command line, taken apart: what to do, which file to read, which settings it names itself.
struct WebFlags: Equatable, Sendable {
  enum Action: Equatable, Sendable {
    case run, checkConfiguration, showHelp, showVersion
  }

  private(set) var action = Action.run
  /// The file of `--config`.
  private(set) var configurationFile: String?
  /// Settings given as flags, in order.
  private(set) var settings: [WebSetting] = []

  /// Flags that are no keys of the file.
  static let flagOnly = ["config", "check-config", "help", "version"]

  /// Reads the arguments after the program's name: `--name value`, `--name=value`. `--help` and
  /// `--version` win over everything else, also over mistakes elsewhere.
  init(_ arguments: [String]) throws(WebConfigurationError) {
    if arguments.contains("--help") {
      action = .showHelp
    } else if arguments.contains("--version") {
      action = .showVersion
    } else {
      var rest = arguments[...]
      while let argument = rest.popFirst() { try take(argument, &rest) }
    }
  }

  private mutating func take(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws(WebConfigurationError) {
    guard argument.utf8.starts(with: "--".utf8) else {
      throw WebConfigurationError(
        quoted(argument), "not a flag", "flags begin with -- (signetweb --help lists them)")
    }
    let parts = argument.utf8.dropFirst(2).split(
      separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self)
    let attached = parts.count == 2 ? String(decoding: parts[1], as: UTF8.self) : nil
    let place = "--\(name)"
    switch name {
    case "check-config":
      if attached != nil {
        throw WebConfigurationError(place, "takes no value", "leave out what follows =")
      }
      action = .checkConfiguration
    case "config":
      if configurationFile != nil {
        throw WebConfigurationError(place, "given twice", "keep one")
      }
      configurationFile = try value(attached, &rest, place)
    default:
      guard let key = WebKey(name: parts[0]) else {
        let known = WebKey.allCases.map(\.rawValue) + Self.flagOnly
        throw WebConfigurationError(
          place, "unknown flag",
          suggestion(for: parts[0], among: known, prefix: "--")
            ?? "signetweb --help lists the flags")
      }
      settings.append(try setting(key, try value(attached, &rest, place), place))
    }
  }

  private func setting(
    _ key: WebKey, _ value: String, _ place: String
  ) throws(WebConfigurationError) -> WebSetting {
    do throws(SettingsFault) {
      let text = try SettingText.read(value.utf8, key: key.rawValue)
      return WebSetting(key: key, value: text, place: place)
    } catch {
      throw WebConfigurationError(error, place)
    }
  }

  private func value(
    _ attached: String?, _ rest: inout ArraySlice<String>, _ place: String
  ) throws(WebConfigurationError) -> String {
    if let attached { return attached }
    // A flag in the place of a value is a forgotten value far more often than a value.
    if let next = rest.first, !next.utf8.starts(with: "--".utf8) { return rest.removeFirst() }
    throw WebConfigurationError(
      place, "the value is missing", "write \(place) VALUE or \(place)=VALUE")
  }
}
