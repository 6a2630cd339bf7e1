internal import Glibc

/// A user of this host.
public struct UserAccount: Equatable, Sendable {
  public let name: String
  public let id: UInt32
  public let primaryGroupID: UInt32
  public let homeDirectory: String

  /// By name, or by number written in decimal; nil when there is none. Asks the host's account
  /// service (NSS), which may be a slow one: for start-up, not for requests.
  public static func find(_ nameOrNumber: String) throws(SystemError) -> UserAccount? {
    if let id = accountNumber(nameOrNumber) { return try find(id: id) }
    if nameOrNumber.isEmpty || nameOrNumber.utf8.contains(0) { return nil }
    return try unsafe lookUp("getpwnam_r") { entry, buffer, found in
      unsafe getpwnam_r(nameOrNumber, entry, buffer.baseAddress!, buffer.count, found)
    }
  }

  /// By number; nil when no account has it.
  public static func find(id: UInt32) throws(SystemError) -> UserAccount? {
    try unsafe lookUp("getpwuid_r") { entry, buffer, found in
      unsafe getpwuid_r(id, entry, buffer.baseAddress!, buffer.count, found)
    }
  }

  private static func lookUp(
    _ call: StaticString,
    _ query: (
      UnsafeMutablePointer<passwd>, UnsafeMutableBufferPointer<CChar>,
      UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> Int32
  ) throws(SystemError) -> UserAccount? {
    var entry = unsafe passwd()
    var found: UnsafeMutablePointer<passwd>?
    return try unsafe withGrowingBuffer(call) { buffer in
      let code = unsafe query(&entry, buffer, &found)
      guard code == 0, unsafe found != nil else { return (code, nil) }
      let account = unsafe UserAccount(
        name: String(cString: entry.pw_name), id: entry.pw_uid, primaryGroupID: entry.pw_gid,
        homeDirectory: String(cString: entry.pw_dir))
      return (0, account)
    }
  }
}

/// A group of this host.
public struct GroupAccount: Equatable, Sendable {
  public let name: String
  public let id: UInt32
  /// Users that the group lists; those who have it as their primary group need not be among them.
  public let memberNames: [String]

  /// By name, or by number written in decimal; nil when there is none. Cost as for users.
  public static func find(_ nameOrNumber: String) throws(SystemError) -> GroupAccount? {
    if nameOrNumber.isEmpty || nameOrNumber.utf8.contains(0) { return nil }
    let number = accountNumber(nameOrNumber)
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    return try unsafe withGrowingBuffer("getgrnam_r") { buffer in
      let code =
        if let number {
          unsafe getgrgid_r(number, &entry, buffer.baseAddress!, buffer.count, &found)
        } else {
          unsafe getgrnam_r(nameOrNumber, &entry, buffer.baseAddress!, buffer.count, &found)
        }
      guard code == 0, unsafe found != nil else { return (code, nil) }
      return (
        0,
        unsafe GroupAccount(
          name: String(cString: entry.gr_name), id: entry.gr_gid,
          memberNames: names(entry.gr_mem))
      )
    }
  }
}

extension GroupAccount {
  /// The texts of a list that ends with a null pointer.
  private static func names(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> [String] {
    var names: [String] = []
    guard var next = unsafe list else { return [] }
    while let name = unsafe next.pointee {
      names.append(unsafe String(cString: name))
      unsafe next += 1
    }
    return names
  }

  /// Whether nobody but the user is in it: the group that many systems give each user, with its
  /// name, as its primary group.
  func isPrivate(to user: UserAccount) -> Bool {
    user.primaryGroupID == id && user.name == name && memberNames.allSatisfy { $0 == user.name }
  }
}

/// A number in plain decimal; 2^32-1 means "unchanged" to chown and is no account.
func accountNumber(_ text: String) -> UInt32? {
  guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
    let id = UInt32(text), id != .max
  else { return nil }
  return id
}

/// Calls a reentrant account look-up with a buffer that grows until the entry fits.
private func withGrowingBuffer<Account>(
  _ call: StaticString,
  _ query: (UnsafeMutableBufferPointer<CChar>) -> (errno: Int32, account: Account?)
) throws(SystemError) -> Account? {
  var byteCount = 1024
  while true {
    var bytes = [CChar](repeating: 0, count: byteCount)
    let (code, account) = unsafe bytes.withUnsafeMutableBufferPointer { unsafe query($0) }
    switch code {
    case 0: return account
    case EINTR: continue
    // What the manual lists as other ways to say "no such account".
    case ENOENT, ESRCH, EBADF, EPERM: return nil
    case ERANGE where byteCount < 1 << 20: byteCount *= 4
    default: throw failure(code, call)
    }
  }
}
