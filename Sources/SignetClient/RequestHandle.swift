/// A request that was sent and whose reply is still to be received, once, from the connection that
/// sent it.
public struct RequestHandle<Request: RequestMessage>: Hashable, Sendable {
  /// The request id on the wire.
  public let requestId: UInt32
}

/// What a connection remembers of a request until its reply is there.
struct PendingRequest {
  /// The whole frame, for a second connection.
  var frame: [UInt8]
  var opcode: Opcode
  /// Whether the frame may be sent a second time after the first may have been carried out.
  var isRepeatable: Bool
  /// How often it was given to a socket, in whole or in part.
  var attempts = 0
  /// Nobody waits for the reply any more.
  var isAbandoned = false

  init(frame: [UInt8], _ request: some RequestMessage) {
    self.frame = frame
    opcode = type(of: request).opcode
    isRepeatable = Self.isRepeatable(request)
  }

  /// Reads may be repeated, and mutations under a key. BACKUP changes no state and yet is not
  /// repeated: a second one finds the first one's file in its way.
  private static func isRepeatable<R: RequestMessage>(_ request: R) -> Bool {
    if R.opcode == .backup { return false }
    guard R.opcode.isMutation else { return true }
    guard let mutation = request as? any MutationMessage else { return false }
    return !mutation.key.isZero
  }

  /// Whether it may go out on a new connection after the old one was lost.
  var mayBeSentAgain: Bool { attempts == 0 || isRepeatable && attempts < 2 }

  /// What to tell the caller when it may not.
  func failure(_ reason: String) -> ClientError {
    let changes = opcode.isMutation || opcode == .backup
    return changes && attempts > 0 ? .outcomeUnknown(reason) : .closed(reason)
  }
}
