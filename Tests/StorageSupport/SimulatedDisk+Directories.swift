public import LinuxIO

// Directories in the directory. A file in one has the key `directory/file`; the directory itself is
// an entry with a slash at its end.

extension SimulatedDisk {
  public func makeDirectory(_ name: String) throws(SystemError) {
    try enter("mkdir", name)
    if names[name + "/"] == nil {
      let entry = SimulatedFile(self, name + "/")
      names[name + "/"] = entry
      pendingNames.append(.set(name + "/", entry))
    }
    try leave("mkdir", name)
  }

  public func removeDirectory(_ name: String) throws(SystemError) {
    try enter("rmdir", name)
    guard names[name + "/"] != nil else { throw error(.notFound, "rmdir", name) }
    guard Self.names(in: name, names.keys).isEmpty else { throw error(.exists, "rmdir", name) }
    names[name + "/"] = nil
    pendingNames.append(.remove(name + "/"))
    try leave("rmdir", name)
  }

  public func list(in directory: String) throws(SystemError) -> [String] {
    try enter("list", directory)
    guard names[directory + "/"] != nil else { throw error(.notFound, "opendir", directory) }
    return Self.names(in: directory, names.keys)
  }

  /// The changes of other directories' names stay pending.
  public func syncDirectory(_ name: String) throws(SystemError) {
    try enter("syncDirectory", name)
    if !ignoresDirectorySyncs {
      var pending: [NameChange] = []
      for change in pendingNames {
        if Self.directory(of: change.name) == name {
          Self.perform(change, &durableNames)
        } else {
          pending.append(change)
        }
      }
      pendingNames = pending
    }
    try leave("syncDirectory", name)
  }

  /// "" for a name of the disk itself, also for the entry of a directory.
  static func directory(of name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "/")) else { return "" }
    let path = name.hasSuffix("/") ? name.dropLast() : Substring(name)
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[..<slash])
  }

  static func names(in directory: String, _ all: some Collection<String>) -> [String] {
    let skipped = directory.isEmpty ? 0 : directory.count + 1
    return all.filter { Self.directory(of: $0) == directory }
      .map { name in String(name.dropFirst(skipped).prefix { $0 != "/" }) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func perform(_ change: NameChange, _ names: inout [String: SimulatedFile]) {
    switch change {
    case .set(let name, let file): names[name] = file
    case .remove(let name): names[name] = nil
    case .rename(let from, let to):
      names[to] = names.removeValue(forKey: from)
      guard from.hasSuffix("/") else { return }
      for name in names.keys where name.hasPrefix(from) {
        names[to + name.dropFirst(from.count)] = names.removeValue(forKey: name)
      }
    }
  }

  /// Files whose directory is not there are not there either.
  static func withoutOrphans(_ names: [String: SimulatedFile]) -> [String: SimulatedFile] {
    names.filter { name, _ in
      let directory = directory(of: name)
      return directory.isEmpty || names[directory + "/"] != nil
    }
  }
}

extension SimulatedDisk.NameChange {
  /// The name by whose directory it reaches the medium.
  var name: String {
    switch self {
    case .set(let name, _), .remove(let name), .rename(let name, _): name
    }
  }
}
