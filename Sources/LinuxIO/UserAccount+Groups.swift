internal import Glibc

extension UserAccount {
  /// The account's groups, its primary one among them, as a login would give them (getgrouplist).
  /// Asks the host's account service; cost as for `find`.
  public func groupIDs() throws(SystemError) -> [UInt32] {
    var capacity: Int32 = 64
    while true {
      var groups = [gid_t](repeating: 0, count: Int(capacity))
      var count = capacity
      let result = unsafe groups.withUnsafeMutableBufferPointer {
        unsafe getgrouplist(name, primaryGroupID, $0.baseAddress!, &count)
      }
      if result >= 0 { return Array(groups.prefix(Int(count))) }
      // Too small: `count` says how many there are; a list that grows meanwhile takes another turn.
      if count <= capacity || count > 1 << 16 {
        throw SystemError(errno: .invalid, call: "getgrouplist")
      }
      capacity = count
    }
  }
}
