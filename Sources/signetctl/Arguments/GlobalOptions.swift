/// The options that more than one command takes.
enum GlobalOptions {
  /// Every command.
  static let common: [OptionSpec] = [
    .value(
      "socket", "PATH",
      "the service's socket (default: $SIGNET_SOCKET, then ./.signet/run/"
        + "admin.sock if it is there, then /run/signet/admin.sock)"),
    .flag("json", "one JSON object on standard output, errors too"),
    .value(
      "timeout", "SECONDS",
      "how long to wait for an answer (default 30; snapshot and "
        + "backup wait)"),
    .flag("help", "this text"),
  ]

  static let acting: [OptionSpec] = [
    .value("as", "USER", "speak for this person, as a front end with a login session does"),
    .flag("system-admin", "with --as: the person is a system administrator"),
  ]

  static let actor: OptionSpec = .value(
    "actor", "USER", "without --as: administer locally, recorded under this name")

  static let key: OptionSpec = .value(
    "idempotency-key", "HEX",
    "32 hex digits: repeats of this command with this key happen once "
      + "(default: a random key)")

  /// Those that this command takes.
  static func of(_ command: Command) -> [OptionSpec] {
    var options: [OptionSpec] = []
    if command.speaker != .nobody { options += acting }
    if command.speaker == .personOrLocal { options.append(actor) }
    if command.changesState { options.append(key) }
    return options + common
  }

  /// All of them: what may stand before the command's name.
  static var all: [OptionSpec] { common + acting + [actor, key] }
}
