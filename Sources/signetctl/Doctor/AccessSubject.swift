internal import LinuxIO

/// Whose access is examined: a uid and its groups.
struct AccessSubject: Equatable {
  let uid: UInt32
  let name: String?
  /// Primary group first.
  let gids: [UInt32]

  /// `www-data (uid 33)`, or `uid 33`.
  var title: String { name.map { "\($0) (uid \(uid))" } ?? "uid \(uid)" }

  /// The account of `--as-uid` with its groups and those of `--as-gid`; without, the caller.
  static func named(_ user: String?, groups: [String]) throws(CommandError) -> AccessSubject {
    var extra: [UInt32] = []
    for group in groups { extra.append(try groupNumber(group)) }
    let written = user ?? String(CurrentProcess.effectiveUserID)
    do {
      if let account = try UserAccount.find(written) {
        var gids = [account.primaryGroupID]
        for gid in try account.groupIDs() + extra where !gids.contains(gid) { gids.append(gid) }
        return AccessSubject(uid: account.id, name: account.name, gids: gids)
      }
    } catch {
      throw .input("account \(written): \(error)")
    }
    let isNumber = !written.isEmpty && written.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard isNumber, let uid = UInt32(written), uid != .max else {
      throw .usage("this host has no user '\(written)'", hint: "write a name or a uid")
    }
    // A number that no account has: containers have them. Its groups are what is said.
    return AccessSubject(uid: uid, name: nil, gids: extra)
  }

  private static func groupNumber(_ group: String) throws(CommandError) -> UInt32 {
    if let number = UInt32(group), number != .max { return number }
    do {
      if let account = try GroupAccount.find(group) { return account.id }
    } catch {
      throw .input("group \(group): \(error)")
    }
    throw .usage("this host has no group '\(group)'", hint: "write a name or a gid")
  }
}

/// What one needs on a name of a path.
enum AccessNeed: UInt32 {
  /// Pass through a directory.
  case search = 1
  /// Connect to a socket.
  case write = 2
}

extension FileStatus {
  /// Whether the mode lets the subject, by the one class that it is in: owner, group or others.
  func allows(_ subject: AccessSubject, _ need: AccessNeed) -> Bool {
    Permission(modeBits: modeBits, ownerID: ownerID, groupID: groupID).allows(subject, need)
  }
}

/// The part of a file's status that decides. ACLs and security modules may decide otherwise.
struct Permission: Equatable {
  let modeBits: UInt32
  let ownerID: UInt32
  let groupID: UInt32

  enum Class: UInt32 {
    case others = 0
    case group = 3
    case owner = 6
  }

  func classOf(_ subject: AccessSubject) -> Class {
    if subject.uid == ownerID { return .owner }
    return subject.gids.contains(groupID) ? .group : .others
  }

  func allows(_ subject: AccessSubject, _ need: AccessNeed) -> Bool {
    if subject.uid == 0 { return true }
    return modeBits >> classOf(subject).rawValue & need.rawValue != 0
  }
}
