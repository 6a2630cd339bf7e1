import Testing

@testable import TokenServer

struct ConnectionQuotaTests {
  private func quota(total: Int, perUid: Int = 100, reserve: Int = 2) -> ConnectionQuota {
    var limits = ServerLimits(workers: 1)
    limits.maxConnections = total
    limits.maxConnectionsPerUid = perUid
    limits.adminReservedConnections = reserve
    return ConnectionQuota(limits)
  }

  @Test("the admin socket's reserve is never taken by others")
  func reserve() {
    var quota = quota(total: 5)
    for _ in 0..<3 { #expect(quota.admit(uid: 7, isAdmin: false) == nil) }
    #expect(
      quota.admit(uid: 7, isAdmin: false)
        == "all 3 connections outside the admin socket's reserve are in use; raise max-connections")
    #expect(quota.admit(uid: 7, isAdmin: true) == nil)
    #expect(quota.admit(uid: 7, isAdmin: true) == nil)
    #expect(
      quota.admit(uid: 7, isAdmin: true)
        == "all 5 connections are in use; raise max-connections")
  }

  @Test("administrators beyond the reserve take from the rest, never the other way round")
  func adminTakesMore() {
    var quota = quota(total: 5)
    for _ in 0..<4 { #expect(quota.admit(uid: 0, isAdmin: true) == nil) }
    #expect(quota.admit(uid: 7, isAdmin: false) == nil)
    #expect(quota.admit(uid: 7, isAdmin: false) != nil)
    quota.release(uid: 0, isAdmin: true)
    #expect(quota.admit(uid: 7, isAdmin: false) == nil)
  }

  @Test("one uid cannot take everybody's connections")
  func perUid() {
    var quota = quota(total: 10, perUid: 2)
    for _ in 0..<2 { #expect(quota.admit(uid: 7, isAdmin: false) == nil) }
    #expect(
      quota.admit(uid: 7, isAdmin: false)
        == "uid 7 has 2 connections, the most of one user; raise max-connections-per-uid")
    #expect(quota.admit(uid: 8, isAdmin: false) == nil)
    // The admin socket has no cap per uid.
    #expect(quota.admit(uid: 7, isAdmin: true) == nil)
    quota.release(uid: 7, isAdmin: false)
    #expect(quota.admit(uid: 7, isAdmin: false) == nil)
    #expect(quota.total == 4)
  }
}
