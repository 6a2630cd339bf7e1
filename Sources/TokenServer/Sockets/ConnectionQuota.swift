/// How many connections there are, in total, per uid and on the admin socket, and whether one more
/// may come. Pure counting; the acceptor owns it.
///
/// The admin socket's reserve: the other sockets share `maxConnections` less the reserve, so that
/// many are always left for an operator; the admin socket may use the rest too, and no cap per uid
/// binds it.
struct ConnectionQuota: Sendable {
  let maxConnections: Int
  let maxPerUid: Int
  let adminReserve: Int
  private(set) var total = 0
  private var others = 0
  private var byUid: [UInt32: Int] = [:]

  init(_ limits: ServerLimits) {
    maxConnections = limits.maxConnections
    maxPerUid = limits.maxConnectionsPerUid
    adminReserve = limits.adminReservedConnections
  }

  /// Counts a connection, or says why it cannot stay.
  mutating func admit(uid: UInt32, isAdmin: Bool) -> String? {
    if total >= maxConnections {
      return "all \(maxConnections) connections are in use; raise max-connections"
    }
    if !isAdmin {
      if others >= maxConnections - adminReserve {
        return "all \(maxConnections - adminReserve) connections outside the admin socket's "
          + "reserve are in use; raise max-connections"
      }
      let own = byUid[uid, default: 0]
      if own >= maxPerUid {
        return "uid \(uid) has \(own) connections, the most of one user; "
          + "raise max-connections-per-uid"
      }
      byUid[uid] = own + 1
      others += 1
    }
    total += 1
    return nil
  }

  /// Takes back one that `admit` counted.
  mutating func release(uid: UInt32, isAdmin: Bool) {
    total -= 1
    if isAdmin { return }
    others -= 1
    let own = byUid[uid, default: 0] - 1
    precondition(own >= 0, "a connection was released twice")
    byUid[uid] = own == 0 ? nil : own
  }
}
