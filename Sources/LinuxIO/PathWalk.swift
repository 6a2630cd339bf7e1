internal import LinuxIO

/// The names between the root and a socket, links followed, with what is at each.
struct PathWalk {
  struct Step: Equatable {
    enum Finding: Equatable {
      case found(FileStatus)
      case missing
      /// This caller may not look.
      case hidden
      /// A name that has to be a directory and is not.
      case notADirectory
    }

    let path: String
    let finding: Finding
  }

  private(set) var steps: [Step] = []
  /// The symbolic links that were followed, as `/a -> b`.
  private(set) var links: [String] = []

  /// Walks as far as it can see.
  init(to path: String) throws(CommandError) {
    do {
      try walk(path)
    } catch {
      throw .input("\(error)")
    }
  }

  /// The socket's status, when the walk got there.
  var last: FileStatus? {
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
        links.append("\(here) -> \(target)")
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
