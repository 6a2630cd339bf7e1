/// A whole request of the web server, still encoded.
struct AssembledRequest: Equatable, Sendable {
  /// The web server's id, which it uses again for others.
  let requestID: UInt16
  /// Ours, never used again on the connection.
  let serial: UInt64
  /// The stream of parameters.
  let parameters: [UInt8]
  let body: [UInt8]
}
