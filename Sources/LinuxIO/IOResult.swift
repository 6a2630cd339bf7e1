/// What a read or a send came to. Only these four are normal; anything else is thrown.
public enum IOResult: Equatable, Sendable {
  /// So many bytes were moved: at least one, and maybe fewer than asked for.
  case bytes(Int)
  /// Nothing now; ask again when `Epoll` says so.
  case wouldBlock
  /// The peer will send no more, or the file ends here. Reads only.
  case endOfFile
  /// The peer is gone (ECONNRESET, EPIPE); close the descriptor.
  case peerReset
}
