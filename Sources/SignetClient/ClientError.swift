/// Why a call has no reply.
public enum ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No connection could be made; nothing was sent.
  case cannotConnect(path: String, reason: ConnectFailure)
  /// The service answered with an error. On what it means for state see `Status`.
  case refused(Refusal)
  /// The server sent what no server of this protocol sends. The connection is closed.
  case protocolViolation(String)
  /// The connection was lost, and the request is one that changes nothing: try again.
  case closed(String)
  /// The connection was lost after a mutation was sent, and it could not be sent again: it had no
  /// idempotency key, or the second attempt was lost too. It may have happened or not.
  case outcomeUnknown(String)
  /// No reply within the time allowed. The request may still be carried out.
  case timedOut(afterMillis: Int)
  /// The request does not fit the protocol (a field longer than 65,535 bytes, a frame above the
  /// agreed limit); it was not sent.
  case unsendable(WireFault)

  public var description: String {
    switch self {
    case .cannotConnect(let path, let reason): "cannot connect to \(path): \(reason)"
    case .refused(let refusal): refusal.description
    case .protocolViolation(let what): "the server broke the protocol: \(what)"
    case .closed(let why): "the connection was lost: \(why)"
    case .outcomeUnknown(let why):
      "the connection was lost (\(why)) and whether the change was made is not known; "
        + "look before you repeat it"
    case .timedOut(let millis): "no answer within \(millis) ms"
    case .unsendable(let fault): "the request cannot be sent: \(fault.message)"
    }
  }
}

/// Why a socket could not be reached, sorted by what helps.
public enum ConnectFailure: Equatable, Sendable, CustomStringConvertible {
  /// Nothing is at the path, or a directory on it is missing.
  case noSuchSocket
  /// A directory on the path or the socket itself refuses this user.
  case permissionDenied
  /// The file is there and nobody listens: the server is not running.
  case notListening
  /// The server is there and takes no connections now.
  case queueFull
  /// Anything else, in words.
  case other(String)

  public var description: String {
    switch self {
    case .noSuchSocket: "there is no such socket; is signetd running, and is this its path?"
    case .permissionDenied: "this user may not reach it; signetctl doctor says which right lacks"
    case .notListening: "nobody listens there; start signetd"
    case .queueFull: "the server's queue of connections is full; try again"
    case .other(let text): text
    }
  }
}

/// An error reply.
public struct Refusal: Equatable, Sendable, CustomStringConvertible {
  /// The number on the wire.
  public var code: UInt16
  /// What the number means; nil for one of a later version.
  public var status: Status? { Status(rawValue: code) }
  /// The request's field at fault, empty if none.
  public var field: String
  /// One sentence for whoever has to act.
  public var message: String
  /// When to try again, 0 if the answer will not change by itself.
  public var retryAfterMillis: UInt32
  /// The `error` of an OAuth answer, empty where OAuth has no word for it.
  public var oauthError: String

  public init(
    code: UInt16, field: String = "", message: String = "", retryAfterMillis: UInt32 = 0,
    oauthError: String = ""
  ) {
    self.code = code
    self.field = field
    self.message = message
    self.retryAfterMillis = retryAfterMillis
    self.oauthError = oauthError
  }

  init(code: UInt16, _ body: ErrorBody) {
    self.init(
      code: code, field: String(decoding: body.field, as: UTF8.self),
      message: String(decoding: body.message, as: UTF8.self),
      retryAfterMillis: body.retryAfterMillis,
      oauthError: String(decoding: body.oauthError, as: UTF8.self))
  }

  /// The registry's name, or `STATUS_0x....` for a number of a later version.
  public var name: String { status?.name ?? "STATUS_0x" + String(code, radix: 16) }

  public var description: String {
    let place = field.isEmpty ? "" : " (\(field))"
    return message.isEmpty ? "\(name)\(place)" : "\(name)\(place): \(message)"
  }
}
