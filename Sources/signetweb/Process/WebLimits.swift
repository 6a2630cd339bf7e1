/// Every limit of the program, in one place.
enum WebLimits {
  // MARK: FastCGI

  /// Connections of the web server at once; one more is closed.
  static let connections = 512
  /// Requests of one connection that are being received or answered; one more is answered
  /// OVERLOADED.
  static let requestsPerConnection = 32
  /// Requests of all connections that wait for a worker or are with one; one more is answered 503.
  static let requestsInFlight = 1_024
  /// Parameters of one request, encoded.
  static let parameterBytes = 65_536
  static let parameterCount = 256
  /// Body of one request.
  static let bodyBytes = 65_536
  /// Bytes of parameters and bodies that one connection may have waiting.
  static let connectionBytes = 1_048_576
  /// Answers of one connection that its peer has not taken yet; above it nothing more is read.
  static let unsentBytes = 1_048_576
  /// Content of one record that is sent: the largest multiple of eight.
  static let recordContentBytes = 65_528
  /// How long a peer may take to complete a request that it began, or to take an answer.
  static let stallMillis: UInt64 = 30_000
  /// How long a stop waits for requests that were accepted.
  static let drainMillis: UInt64 = 10_000

  // MARK: HTTP

  /// Fields of a query or form.
  static let fieldCount = 64
  static let fieldNameBytes = 64
  /// Decoded; so that no field comes near what a frame to the service can hold.
  static let fieldValueBytes = 16_384
  /// A bearer token longer than this cannot be good.
  static let bearerTokenBytes = 255
  /// JSON of a registration: nesting and elements.
  static let jsonDepth = 8
  static let jsonElements = 256

  // MARK: Service

  /// For one answer of the service.
  static let requestTimeoutMillis: Int32 = 10_000
  static let connectTimeoutMillis: Int32 = 2_000
  /// How long a lost connection is tried again before the request is answered 503.
  static let reconnectTimeoutMillis: Int32 = 250
  /// Worker threads, each with one connection to the service.
  static let workersMax = 64
  static let workersDefault = 4
}
