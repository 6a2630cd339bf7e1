internal import LinuxIO
internal import SignetClient
internal import TokenWire

/// Whether the socket of the service gives what the pages need: looked at once before the program
/// is ready, and by every connection that is made later, since the service may come after this
/// program or come back with other settings. Shared by all threads.
final class ServiceRights: @unchecked Sendable {
  /// What each right is for.
  private static let uses: [(right: RightSet, pages: String)] = [
    (.front, "every page and every endpoint"),
    (.frontAdmin, "/console/system and whatever else a system administrator does"),
    (.validate, "/oauth/userinfo"),
  ]

  private let path: String
  private let ownUserID: UInt32
  private let log: WebLog
  private let mutex = PthreadMutex()
  // Guarded by `mutex`: the rights that the log was last told about.
  private var told: RightSet?

  init(_ configuration: WebConfiguration, ownUserID: UInt32, _ log: WebLog) {
    path = configuration.servicePath
    self.ownUserID = ownUserID
    self.log = log
  }

  /// One line about what is missing: which right, for which page, what to do. Nil: nothing is.
  static func missing(in rights: RightSet, ownUserID: UInt32, servicePath: String) -> String? {
    let missing = uses.filter { !rights.contains($0.right) }
    if missing.isEmpty { return nil }
    let each = missing.map { "\($0.right.names) (without it \($0.pages) will fail)" }
    let names = missing.map(\.right.names).joined(separator: ",")
    return "\(servicePath) does not give uid \(ownUserID) the rights "
      + "\(each.joined(separator: ", ")); add \(names) to rights= of signetd's line "
      + "listen = \(servicePath), and of allow = uid:\(ownUserID) if there is one"
  }

  /// Asks the service. Returns why this program cannot serve anything, if so: a socket without the
  /// right `front` is another one than was meant. A service that does not answer may come later.
  func refusal() -> String? {
    let options = ClientOptions(
      clientName: WebProgram.version, connectTimeoutMillis: WebLimits.connectTimeoutMillis,
      requestTimeoutMillis: WebLimits.connectTimeoutMillis)
    do throws(ClientError) {
      let rights = try SignetConnection.connect(path: path, options: options).rights
      if rights.contains(.front) {
        note(rights)
        return nil
      }
      return Self.missing(in: rights, ownUserID: ownUserID, servicePath: path)
    } catch {
      log.warning(unanswered(error))
      return nil
    }
  }

  /// Tells the log what a new connection lacks, once for all connections that lack the same.
  func note(_ rights: RightSet) {
    let isNews = mutex.withLock {
      defer { told = rights }
      return told != rights
    }
    if isNews,
      let line = Self.missing(in: rights, ownUserID: ownUserID, servicePath: path)
    {
      log.warning(line)
    }
  }

  private func unanswered(_ error: ClientError) -> String {
    var remedy = "start signetd with listen = \(path) rights=front,front-admin,validate"
    if case .cannotConnect(_, .permissionDenied) = error {
      remedy = "let uid \(ownUserID) in by group= and mode= of signetd's line listen = \(path)"
    }
    return "\(error): until signetd answers there, every page and endpoint says 503; \(remedy), "
      + "or correct service = in this program's settings"
  }
}
