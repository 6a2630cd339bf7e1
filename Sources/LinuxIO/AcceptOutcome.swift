/// What one `accept` came to. None of these is a reason to stop listening.
public enum AcceptOutcome: ~Copyable, Sendable {
  /// A connection.
  case accepted(AcceptedConnection)
  /// Nobody is waiting.
  case wouldBlock
  /// This one connection failed (ECONNABORTED and the like); accept the next.
  case transient(Errno)
  /// No descriptor or memory for another connection (EMFILE, ENFILE, ENOBUFS, ENOMEM). The peer
  /// stays in the queue, so a level-triggered loop spins: shed it with a `SpareDescriptor`, or stop
  /// watching the listener until a connection closes.
  case descriptorsExhausted(Errno)
}

/// A connection just accepted. Frozen, so that other modules may take it apart.
@frozen
public struct AcceptedConnection: ~Copyable, Sendable {
  /// Non-blocking and close-on-exec.
  public var descriptor: FileDescriptor
  /// Who it is.
  public var peer: PeerCredentials
}
