internal import CLinux
internal import Glibc

/// This process: who it is, and its limits.
public enum CurrentProcess {
  public static var id: Int32 { getpid() }
  /// The real uid: who started the process.
  public static var userID: UInt32 { getuid() }
  /// The real gid of who started the process.
  public static var groupID: UInt32 { getgid() }
  /// The user whose rights count.
  public static var effectiveUserID: UInt32 { geteuid() }

  /// Ends the process with a status of 0...255. Nothing is flushed or unwound, as nothing here
  /// buffers output.
  public static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

  /// Ends the process now, whatever its other threads do: no exit handler runs.
  public static func exitAtOnce(_ status: Int32) -> Never { Glibc._exit(status) }

  /// No core dumps (RLIMIT_CORE 0), and no debugger of the same user (PR_SET_DUMPABLE 0): keys are
  /// in this memory. Global to the process.
  public static func disableCoreDumps() throws(SystemError) {
    try systemCall("prctl") { clinux_disable_dumps() }
  }

  /// False after `disableCoreDumps`.
  public static var isDumpable: Bool { clinux_is_dumpable() == 1 }

  /// Raises the soft limit of descriptors to the hard one and returns it. Global to the process.
  @discardableResult
  public static func raiseDescriptorLimit() throws(SystemError) -> Int {
    let limit = clinux_raise_descriptor_limit()
    if limit == -1 { throw failure(errno, "setrlimit") }
    return Int(limit)
  }

  /// A variable of the environment. Not while another thread sets one; nothing here does.
  public static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
