internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// A command at work: its arguments, and the connection that it opens when it needs one.
final class Invocation {
  let arguments: ParsedArguments
  let console: Console
  let secrets: SecretInput
  private var opened: SignetConnection?

  init(_ arguments: ParsedArguments, _ console: Console) {
    self.arguments = arguments
    self.console = console
    secrets = SecretInput(console)
  }

  // MARK: Connection

  /// Where the service is: `--socket`, then the environment, then the usual places.
  var socketPath: String {
    if let path = arguments.text("socket") { return path }
    if let path = console.environment("SIGNET_SOCKET"), !path.isEmpty { return path }
    let local = "./.signet/run/admin.sock"
    let found = (try? FileStatus.ofPath(local)) ?? nil
    return found?.kind == .socket ? local : "/run/signet/admin.sock"
  }

  /// For one answer; nil: wait.
  private func timeoutMillis() throws(CommandError) -> Int32? {
    if let seconds = try arguments.number("timeout", UInt32.self) {
      return Int32(clamping: UInt64(max(seconds, 1)) * 1_000)
    }
    return arguments.command.isLong ? nil : 30_000
  }

  func connection() throws(CommandError) -> SignetConnection {
    if let opened { return opened }
    let timeout = try timeoutMillis()
    var options = ClientOptions(clientName: "signetctl/\(signetctlVersion)")
    options.requestTimeoutMillis = timeout
    options.connectTimeoutMillis = min(options.connectTimeoutMillis, timeout ?? 5_000)
    let path = socketPath
    let connection = try asking { () throws(ClientError) in
      try SignetConnection.connect(path: path, options: options)
    }
    opened = connection
    return connection
  }

  /// Asks, and shows that it waits.
  ///
  /// - Parameter fact: of STATUS, which is asked for meanwhile: how far the service is.
  func call<R: RequestMessage>(
    _ request: R, showing fact: String? = nil
  ) throws(CommandError) -> R.Reply {
    let connection = try connection()
    guard console.showsProgress else {
      return try asking { () throws(ClientError) in try connection.call(request) }
    }
    let limit = try timeoutMillis()
    let handle = try asking { () throws(ClientError) in try connection.send(request) }
    var spinner = Spinner(arguments.command.name, console)
    defer { spinner.clear() }
    while true {
      do throws(ClientError) {
        return try connection.receive(handle, timeoutMillis: 200)
      } catch {
        guard case .timedOut = error else { throw .client(error) }
        if let limit, spinner.elapsedMillis >= UInt64(limit) {
          throw .client(.timedOut(afterMillis: Int(limit)))
        }
        spinner.tick(fact.flatMap { progress($0, connection, spinner) } ?? "")
      }
    }
  }

  /// What STATUS says of a fact, once the wait is long enough to be shown; nil where it says
  /// nothing.
  private func progress(
    _ fact: String, _ connection: SignetConnection, _ spinner: Spinner
  ) -> String? {
    guard spinner.isDue, let status = try? connection.call(StatusRequest()) else { return nil }
    let entry = status.facts.first { $0.name.elementsEqual(fact.utf8) }
    return entry.map { printable($0.value) }
  }

  /// Asks for a change, under a key: the client library repeats it after a lost connection, and a
  /// person may with `--idempotency-key`.
  func change<R: MutationMessage>(_ request: R) throws(CommandError) -> R.Reply {
    var request = request
    if let text = arguments.text("idempotency-key") {
      request.key = try Quantities.key(text)
    } else {
      request.key = IdempotencyKey.random()
    }
    return try call(request)
  }

  /// Every page of a list, or as many as `--pages` says, from `--cursor` on. Returns the cursor to
  /// go on from, 0 at the end.
  func pages<R: RequestMessage>(
    _ cursor: UInt64, _ request: (_ cursor: UInt64) -> R,
    take: (R.Reply) -> UInt64
  ) throws(CommandError) -> UInt64 {
    var cursor = cursor
    var left = try arguments.number("pages", UInt32.self) ?? .max
    while left > 0 {
      cursor = take(try call(request(cursor)))
      if cursor == 0 { break }
      left -= 1
    }
    return cursor
  }

  static let paging: [OptionSpec] = [
    .value("cursor", "N", "begin at this cursor (nextCursor of an earlier answer)"),
    .value("pages", "N", "at most so many pages (default: all)"),
  ]

  func cursor() throws(CommandError) -> UInt64 {
    try arguments.number("cursor", UInt64.self) ?? 0
  }

  private func asking<T>(_ body: () throws(ClientError) -> T) throws(CommandError) -> T {
    do {
      return try body()
    } catch {
      throw .client(error)
    }
  }

  // MARK: Arguments

  /// Whom the command speaks for.
  func acting() throws(CommandError) -> Acting {
    guard let user = arguments.text("as") else {
      if arguments.has("system-admin") {
        throw .usage("--system-admin says something about a person", hint: "add --as USER")
      }
      if arguments.command.speaker == .person {
        throw .usage("\(arguments.command.name) speaks for a person", hint: "add --as USER")
      }
      return Acting(user: arguments.text("actor") ?? "", systemAdmin: false, login: .local)
    }
    if arguments.has("actor") {
      throw .usage("--as and --actor exclude each other", hint: "keep one")
    }
    if user.isEmpty { throw .usage("--as needs a user id") }
    return Acting(user: user, systemAdmin: arguments.has("system-admin"), login: .session)
  }

  /// The client of `--client`, `--secret` and `--basic`.
  func clientAuth() throws(CommandError) -> ClientAuth {
    let clientId = Array((arguments.text("client") ?? "").utf8)
    guard let value = arguments.text("secret") else {
      if arguments.has("basic") {
        throw .usage("--basic is about how the secret came", hint: "add --secret")
      }
      return ClientAuth(clientId: clientId, clientSecret: [], method: .none)
    }
    let secret = try secrets.read(value, "--secret")
    return ClientAuth(
      clientId: clientId, clientSecret: secret, method: arguments.has("basic") ? .basic : .body)
  }

  static let clientOptions: [OptionSpec] = [
    .required("client", "ID", "the application's client id"),
    .value("secret", "SECRET", "its secret, - or @FILE; none for a public client"),
    .flag("basic", "the secret came in an Authorization: Basic header, not in the body"),
  ]

  /// An option's text, or nothing.
  func bytes(_ option: String) -> [UInt8] { Array((arguments.text(option) ?? "").utf8) }

  /// A secret operand.
  func secretOperand(_ index: Int, _ what: String) throws(CommandError) -> [UInt8] {
    try secrets.read(arguments.operand(index), what)
  }
}
