/// A system call failed: which one, why, and on which path if it had one.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Why.
  public let errno: Errno
  /// The call's name in the manual, such as `open`.
  public let call: String
  /// The path it was about.
  public let path: String?

  public init(errno: Errno, call: String, path: String? = nil) {
    self.errno = errno
    self.call = call
    self.path = path
  }

  /// Whether there was no room for it on the disk (ENOSPC), or for this user (EDQUOT).
  public var isNoSpace: Bool { errno == .noSpace || errno == .quotaExceeded }

  /// `open /etc/x: Permission denied (EACCES)`.
  public var description: String {
    guard let path else { return "\(call): \(errno)" }
    return "\(call) \(printable(path)): \(errno)"
  }
}

/// A path as people may see it.
func printable(_ text: String) -> String { PrintableText.escaped(text) }
