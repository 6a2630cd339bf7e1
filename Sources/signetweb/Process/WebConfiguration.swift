/// What the program runs with, judged.
struct WebConfiguration: Equatable, Sendable {
  /// The socket that the web server connects to.
  var listen: WebListener
  /// The front socket of the service.
  var servicePath: String
  /// The issuer identifier: `https://...` without a slash at the end. Every URL that is told to
  /// anybody begins with it; the Host header is never looked at.
  var issuer: [UInt8]
  /// Name of the FastCGI parameter that names the person.
  var userParameter: [UInt8]
  /// User ids of system administrators.
  var systemAdministrators: Set<[UInt8]>
  /// Who may connect: user numbers of the web server.
  var webServerUserIDs: Set<UInt32>
  /// Threads that answer.
  var workers: Int
  var logLevel: WebLogLevel
  /// Whether pages load the icons of applications, from the hosts that these name.
  var showsIcons = true
}

/// The socket to listen on.
struct WebListener: Equatable, Sendable {
  var path: String
  /// Permission bits of the socket file, within 0666.
  var mode: UInt32
  /// The group that the socket file gets, nil for the program's own.
  var groupID: UInt32?
}
