/// A file or directory could not be used.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Its kind, owner or mode would let others read or change it.
  case untrusted(path: String, FileFault)
  /// It holds more bytes than its reader takes.
  case tooLarge(path: String, limitBytes: Int)
  /// It has another size than the only right one.
  case wrongSize(path: String, foundBytes: UInt64, expectedBytes: Int)
  /// Any other failure.
  case system(SystemError)

  public var description: String { remedy.map { "\(found); \($0)" } ?? found }

  /// What is the matter, without what to do.
  public var found: String {
    switch self {
    case .untrusted(let path, let fault): fault.found(printable(path))
    case .tooLarge(let path, let limit):
      "\(printable(path)) holds more than \(limit) bytes, the most that is read from it"
    case .wrongSize(let path, let found, let expected):
      "\(printable(path)) holds \(found) bytes and must hold exactly \(expected)"
    case .system(let error): error.description
    }
  }

  /// What to do about it, where that can be said.
  public var remedy: String? {
    switch self {
    case .untrusted(let path, let fault): fault.remedy(printable(path))
    case .wrongSize: "restore it from your copy"
    case .tooLarge, .system: nil
    }
  }
}

/// What is wrong with a file that must be ours alone.
public enum FileFault: Equatable, Sendable {
  /// Not the kind of file it must be.
  case kind(found: FileStatus.Kind, expected: FileStatus.Kind)
  /// Owned by neither the process's user nor root.
  case owner(uid: UInt32, expected: UInt32)
  /// The mode has bits that it must not have.
  case mode(found: UInt32, forbidden: UInt32)
  /// The file has other names, under which others may reach it.
  case hardLinks(UInt64)

  func found(_ path: String) -> String {
    switch self {
    case .kind(let found, let expected):
      "\(path) is \(found.rawValue) and must be \(expected.rawValue)"
    case .owner(let uid, let expected):
      "\(path) is owned by uid \(uid) and must be owned by uid \(expected) or root"
    case .mode(let found, _): "\(path) has mode \(octal(found)), which gives others access"
    case .hardLinks(let count): "\(path) has \(count) names (hard links) and must have one"
    }
  }

  func remedy(_ path: String) -> String? {
    switch self {
    case .kind: nil
    case .owner(_, let expected): "chown \(expected) \(path)"
    case .mode(let found, let forbidden): "chmod \(octal(found & ~forbidden)) \(path)"
    case .hardLinks: "remove the others, or copy it to a new file"
    }
  }
}

/// `0750`: a mode as `chmod` takes it.
func octal(_ mode: UInt32) -> String {
  let digits = String(mode, radix: 8)
  return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
}

extension FileStatus {
  /// Throws unless the file is of this kind, owned by the user or root, and without the forbidden
  /// mode bits.
  ///
  /// - Parameter user: who is to trust it.
  func requireTrust(
    _ expectedKind: Kind, forbiddenBits: UInt32, path: String,
    user: UInt32 = CurrentProcess.effectiveUserID
  ) throws(FileError) {
    if kind != expectedKind {
      throw .untrusted(path: path, .kind(found: kind, expected: expectedKind))
    }
    if ownerID != user && ownerID != 0 {
      throw .untrusted(path: path, .owner(uid: ownerID, expected: user))
    }
    if modeBits & forbiddenBits != 0 {
      throw .untrusted(path: path, .mode(found: modeBits, forbidden: forbiddenBits))
    }
  }
}

extension FileStatus {
  /// Throws unless the file has one name: another one may lie where others look.
  func requireOneName(path: String) throws(FileError) {
    if linkCount != 1 { throw .untrusted(path: path, .hardLinks(linkCount)) }
  }
}

/// Runs a body whose system errors become `FileError.system`.
@discardableResult
func fileCall(
  _ call: StaticString, path: String?, _ body: () -> Int32
) throws(FileError) -> Int32 {
  do {
    return try systemCall(call, path: path, body)
  } catch {
    throw .system(error)
  }
}
