internal import LinuxIO
internal import SignetClient
internal import TokenCrypto
internal import TokenWire

/// A worker's own connection to the service: made when first needed, made again when lost.
///
/// One thread's. A call blocks, at most `WebLimits.requestTimeoutMillis` and a reconnection.
struct FrontConnection: ~Copyable {
  private let path: String
  private let log: WebLog
  private let rights: ServiceRights?
  private var connection: SignetConnection?
  private var entropy = EntropyPool()

  init(path: String, log: WebLog, rights: ServiceRights? = nil) {
    self.path = path
    self.log = log
    self.rights = rights
  }

  /// One request that reads, and its reply.
  mutating func call<R: RequestMessage>(_ request: R) throws(ServiceFault) -> R.Reply {
    try send(request)
  }

  /// One request that changes something, and its reply. A key of its own is put into it where it
  /// has none, so that it can be sent a second time over a new connection and happens once.
  mutating func call<R: MutationMessage>(_ request: R) throws(ServiceFault) -> R.Reply {
    var request = request
    while request.key.isZero {
      request.key = Bytes16(word0: entropy.word(), word1: entropy.word())
    }
    return try send(request)
  }

  private mutating func send<R: RequestMessage>(_ request: R) throws(ServiceFault) -> R.Reply {
    do throws(ClientError) {
      let connection = try opened()
      return try connection.call(request)
    } catch {
      throw fault(error, R.opcode)
    }
  }

  private mutating func opened() throws(ClientError) -> SignetConnection {
    if let connection { return connection }
    let options = ClientOptions(
      clientName: WebProgram.version, connectTimeoutMillis: WebLimits.connectTimeoutMillis,
      requestTimeoutMillis: WebLimits.requestTimeoutMillis,
      reconnectTimeoutMillis: WebLimits.reconnectTimeoutMillis)
    let new = try SignetConnection.connect(path: path, options: options)
    rights?.note(new.rights)
    connection = new
    return new
  }

  private mutating func fault(_ error: ClientError, _ opcode: Opcode) -> ServiceFault {
    if case .refused(let refusal) = error {
      if refusal.status == .denied { log.warning("\(opcode.name): \(refusal)") }
      return .refused(refusal)
    }
    if case .unsendable(let what) = error {
      // Nothing left this program, and the connection is as good as it was.
      log.info("\(opcode.name): \(what.message)")
      return .refused(
        Refusal(
          code: Status.invalidRequest.rawValue, message: "the request is too large",
          oauthError: "invalid_request"))
    }
    // A late answer to a request that was given up must not be taken for another's.
    connection = nil
    log.warning("\(opcode.name): \(error)")
    return .away
  }
}

/// Why the service gave no reply.
enum ServiceFault: Error, Equatable, Sendable {
  /// It answered with an error: `status` says which, `message` is for operators and may be shown.
  case refused(Refusal)
  /// It cannot be reached, or did not answer in time: 503, try again.
  case away

  /// The registered number; nil when the service is away or newer than this program.
  var status: Status? {
    if case .refused(let refusal) = self { refusal.status } else { nil }
  }
}
