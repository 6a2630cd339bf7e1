/// How a connection behaves. The defaults suit a gateway beside the service.
public struct ClientOptions: Equatable, Sendable {
  /// Program and version for the server's log, at most 128 bytes; longer is cut.
  public var clientName: String
  /// For connecting and HELLO together.
  public var connectTimeoutMillis: Int32
  /// For one `receive` or `call`; nil waits for ever.
  public var requestTimeoutMillis: Int32?
  /// How long a lost connection is tried again before the calls on it fail; 0: once, at once.
  public var reconnectTimeoutMillis: Int32
  /// False: a lost connection stays lost, and every call on it fails.
  public var reconnects: Bool
  /// Largest frame body to ask for, bytes; 0 leaves it to the server.
  public var maxFrame: UInt32
  /// Requests in flight to ask for; 0 leaves it to the server.
  public var maxInFlight: UInt16

  public init(
    clientName: String = "SignetClient", connectTimeoutMillis: Int32 = 5_000,
    requestTimeoutMillis: Int32? = 30_000, reconnectTimeoutMillis: Int32 = 2_000,
    reconnects: Bool = true, maxFrame: UInt32 = 0, maxInFlight: UInt16 = 0
  ) {
    self.clientName = clientName
    self.connectTimeoutMillis = connectTimeoutMillis
    self.requestTimeoutMillis = requestTimeoutMillis
    self.reconnectTimeoutMillis = reconnectTimeoutMillis
    self.reconnects = reconnects
    self.maxFrame = maxFrame
    self.maxInFlight = maxInFlight
  }
}
