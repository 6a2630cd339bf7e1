internal import SignetClient
internal import TokenWire

/// Whether the socket of the service gives what the pages need. Looked at once, at start; a service
/// that is not there yet tells later, page by page.
enum ServiceRights {
  /// What each right is for.
  private static let uses: [(right: RightSet, pages: String)] = [
    (.front, "every page and every endpoint"),
    (.frontAdmin, "/console/system and whatever else a system administrator does"),
    (.validate, "/oauth/userinfo"),
  ]

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

  /// Asks the service and tells the log.
  static func check(_ configuration: WebConfiguration, ownUserID: UInt32, _ log: WebLog) {
    let path = configuration.servicePath
    let options = ClientOptions(
      clientName: WebProgram.version, connectTimeoutMillis: WebLimits.connectTimeoutMillis,
      requestTimeoutMillis: WebLimits.connectTimeoutMillis)
    do throws(ClientError) {
      let connection = try SignetConnection.connect(path: path, options: options)
      if let line = missing(in: connection.rights, ownUserID: ownUserID, servicePath: path) {
        log.warning(line)
      }
    } catch {
      log.info("what the service allows is not known yet: \(error)")
    }
  }
}
