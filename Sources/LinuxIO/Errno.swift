internal import CLinux
internal import Glibc

/// An errno by name, so that callers need no C module to compare one.
public struct Errno: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let notPermitted = Errno(rawValue: EPERM)
  public static let notFound = Errno(rawValue: ENOENT)
  public static let inputOutput = Errno(rawValue: EIO)
  public static let wouldBlock = Errno(rawValue: EAGAIN)
  public static let outOfMemory = Errno(rawValue: ENOMEM)
  public static let accessDenied = Errno(rawValue: EACCES)
  public static let busy = Errno(rawValue: EBUSY)
  public static let exists = Errno(rawValue: EEXIST)
  public static let notADirectory = Errno(rawValue: ENOTDIR)
  public static let isADirectory = Errno(rawValue: EISDIR)
  public static let invalid = Errno(rawValue: EINVAL)
  public static let processDescriptorsExhausted = Errno(rawValue: EMFILE)
  public static let systemDescriptorsExhausted = Errno(rawValue: ENFILE)
  public static let fileTooLarge = Errno(rawValue: EFBIG)
  public static let noSpace = Errno(rawValue: ENOSPC)
  public static let quotaExceeded = Errno(rawValue: EDQUOT)
  public static let readOnlyFileSystem = Errno(rawValue: EROFS)
  public static let brokenPipe = Errno(rawValue: EPIPE)
  public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
  public static let directoryNotEmpty = Errno(rawValue: ENOTEMPTY)
  public static let symbolicLink = Errno(rawValue: ELOOP)
  public static let notSupported = Errno(rawValue: EOPNOTSUPP)
  public static let addressInUse = Errno(rawValue: EADDRINUSE)
  public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
  public static let timedOut = Errno(rawValue: ETIMEDOUT)
  public static let stale = Errno(rawValue: ESTALE)

  /// glibc's sentence and the constant's name: `Permission denied (EACCES)`.
  public var description: String {
    guard let text = unsafe clinux_errno_text(rawValue),
      let name = unsafe clinux_errno_name(rawValue)
    else { return "error \(rawValue)" }
    return unsafe "\(String(cString: text)) (\(String(cString: name)))"
  }
}
