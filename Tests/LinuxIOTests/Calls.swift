import Foundation

// Calls that tests need and the product does not. Each traps when it fails.

func changeMode(_ path: String, _ modeBits: UInt32) {
  precondition(unsafe chmod(path, modeBits) == 0, "chmod \(path)")
}

func changeOwner(_ path: String, uid: UInt32) {
  precondition(unsafe lchown(path, uid, UInt32.max) == 0, "chown \(path)")
}

func makeSymbolicLink(_ path: String, to target: String) {
  precondition(unsafe symlink(target, path) == 0, "symlink \(path)")
}

func makeHardLink(_ path: String, to target: String) {
  precondition(unsafe link(target, path) == 0, "link \(path)")
}

func makePipe(_ path: String) {
  precondition(unsafe mkfifo(path, 0o600) == 0, "mkfifo \(path)")
}

func openNull() -> Int32 { unsafe open("/dev/null", O_RDONLY) }

func setSupplementaryGroups(_ groups: [UInt32]) {
  precondition(unsafe setgroups(groups.count, groups) == 0, "setgroups")
}

func setEffectiveUser(_ uid: UInt32) { precondition(seteuid(uid) == 0, "seteuid") }

func setEffectiveGroup(_ gid: UInt32) { precondition(setegid(gid) == 0, "setegid") }

/// Sets the soft limit of descriptors and returns the one before.
@discardableResult
func setDescriptorLimit(_ count: UInt) -> UInt {
  let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  var limit = rlimit()
  precondition(unsafe getrlimit(resource, &limit) == 0, "getrlimit")
  let old = limit.rlim_cur
  limit.rlim_cur = count
  precondition(unsafe setrlimit(resource, &limit) == 0, "setrlimit")
  return old
}

/// Lowers the limit and takes every number that is left; returns one of them.
func exhaustDescriptors() -> Int32 {
  setDescriptorLimit(64)
  var last: Int32 = -1
  while case let next = openNull(), next >= 0 { last = next }
  precondition(last >= 0 && errno == EMFILE, "the limit did not bite")
  return last
}

func isOpen(_ raw: Int32) -> Bool { fcntl(raw, F_GETFD) != -1 }
