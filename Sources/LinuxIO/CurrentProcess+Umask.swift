internal import Glibc

extension CurrentProcess {
  /// Sets which mode bits new files do not get and returns what was set before. Global to the
  /// process.
  @discardableResult
  public static func setUmask(_ bits: UInt32) -> UInt32 {
    precondition(bits & ~0o777 == 0, "permission bits only")
    return umask(bits)
  }
}
