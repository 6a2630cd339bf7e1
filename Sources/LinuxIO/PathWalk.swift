/// The names between the root and a file, links followed, with what is at each.
public struct PathWalk: Sendable {
  /// One name on the way; where a link leads elsewhere, the names there.
  public struct Step: Equatable, Sendable {
    /// What is at a name.
    public enum Finding: Equatable, Sendable {
      /// A file or directory; never a link.
      case found(FileStatus)
      case missing
      /// This caller may not look.
      case hidden
      /// A name that has to be a directory and is not.
      case notADirectory
    }

    public let path: String
    public let finding: Finding

    public init(path: String, finding: Finding) {
      self.path = path
      self.finding = finding
    }
  }

  /// A symbolic link that was followed. Its description is `/a -> b`.
  public struct Link: Equatable, Sendable, CustomStringConvertible {
    public let path: String
    /// As written in the link.
    public let target: String
    /// Of the link itself.
    public let status: FileStatus

    public var description: String { "\(path) -> \(target)" }
  }

  /// From `/` on, in the order in which they were looked at.
  public private(set) var steps: [Step] = []
  /// In the order in which they were followed.
  public private(set) var links: [Link] = []

  /// Walks as far as it can see; a relative path begins at the working directory. Throws for a loop
  /// of links and for failures other than "may not look".
  public init(to path: String) throws(SystemError) {
    try checkPath(path, "stat")
    try walk(path)
  }

  /// The status of what the path names, when the walk got there.
  public var last: FileStatus? {
    if case .found(let status)? = steps.last?.finding { return status }
    return nil
  }

  private mutating func walk(_ path: String) throws(SystemError) {
    var rest = Self.components(path)[...]
    if path.utf8.first != UInt8(ascii: "/") {
      rest = Self.components(try FileSystem.realPath("."))[...] + rest
    }
    var parents: [String] = []
    guard try look(at: "/", isLast: rest.isEmpty) != nil else { return }
    while let name = rest.popFirst() {
      if name == "." { continue }
      if name == ".." {
        _ = parents.popLast()
        continue
      }
      let here = "/" + (parents + [name]).joined(separator: "/")
      guard let status = try look(at: here, isLast: rest.isEmpty) else { return }
      if status.kind == .symbolicLink {
        let target = try FileSystem.readLink(here)
        links.append(Link(path: here, target: target, status: status))
        if links.count > 40 { throw SystemError(errno: .symbolicLink, call: "stat", path: path) }
        if target.utf8.first == UInt8(ascii: "/") { parents = [] }
        rest = Self.components(target)[...] + rest
      } else {
        parents.append(name)
      }
    }
  }

  /// Notes what is at a path; nil when the walk ends there.
  private mutating func look(at path: String, isLast: Bool) throws(SystemError) -> FileStatus? {
    let status: FileStatus?
    do {
      status = try FileStatus.ofPath(path)
    } catch {
      guard error.errno == .accessDenied else { throw error }
      steps.append(Step(path: path, finding: .hidden))
      return nil
    }
    guard let status else {
      steps.append(Step(path: path, finding: .missing))
      return nil
    }
    if status.kind == .symbolicLink { return status }
    if !isLast && status.kind != .directory {
      steps.append(Step(path: path, finding: .notADirectory))
      return nil
    }
    steps.append(Step(path: path, finding: .found(status)))
    return status
  }

  private static func components(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: Array($0), as: UTF8.self) }
  }
}
