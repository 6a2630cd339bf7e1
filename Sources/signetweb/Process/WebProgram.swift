/// The program from its arguments to its exit status.
enum WebProgram {
  /// Program and version, for people and for the service's log.
  static let version = "signetweb 1.0.0"
}
