internal import CLinux
internal import Glibc

/// Who connected, as the kernel recorded it at connect (SO_PEERCRED). It cannot be forged, and it
/// does not change when the process later changes its ids or hands the socket on.
public struct PeerCredentials: Equatable, Sendable {
  /// For log lines only: the number may have gone to another process by now. 0 when the peer is in
  /// another pid namespace.
  public let pid: Int32
  public let uid: UInt32
  public let gid: UInt32

  public init(pid: Int32, uid: UInt32, gid: UInt32) {
    self.pid = pid
    self.uid = uid
    self.gid = gid
  }

  /// Of a connected Unix socket. On any other socket this is a bug and traps.
  init(of socket: borrowing FileDescriptor) {
    var peer = clinux_peer()
    let result = unsafe clinux_peer_of(socket.rawValue, &peer)
    precondition(result == 0, "SO_PEERCRED works on every Unix socket")
    self.init(pid: peer.pid, uid: peer.uid, gid: peer.gid)
  }
}

extension FileDescriptor {
  /// The peer of a connected Unix socket.
  public borrowing func peerCredentials() -> PeerCredentials { PeerCredentials(of: self) }

  /// The peer's supplementary groups (SO_PEERGROUPS), its primary group not included unless listed
  /// there too. Two system calls; for the handshake, not for each request.
  public borrowing func peerGroups() throws(SystemError) -> [UInt32] {
    var needed: Int32 = 32
    while true {
      let capacity = Int(needed)
      var result: Int32 = 0
      let groups = unsafe [UInt32](unsafeUninitializedCapacity: capacity) { buffer, count in
        result = unsafe clinux_peer_groups(
          rawValue, buffer.baseAddress, Int32(capacity), &needed)
        count = Int(max(result, 0))
      }
      if result >= 0 { return groups }
      guard errno == ERANGE else { throw failure(errno, "getsockopt SO_PEERGROUPS") }
    }
  }
}
