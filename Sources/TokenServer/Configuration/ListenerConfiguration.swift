internal import LinuxIO
public import TokenWire

/// A socket to listen on, as configured.
public struct ListenerConfiguration: Equatable, Sendable {
  /// Absolute, at most 107 bytes.
  public var path: String
  /// Permission bits of the socket file, within 0666.
  public var mode: UInt32
  /// The group that the socket file gets, nil for the daemon's own.
  public var group: AccountName?
  /// The most that anybody may do on this socket, root included.
  public var rights: RightSet
  /// Whether the reserved connections belong to it.
  public var isAdmin: Bool

  public init(
    path: String, mode: UInt32, group: AccountName? = nil, rights: RightSet, isAdmin: Bool = false
  ) {
    self.path = path
    self.mode = mode
    self.group = group
    self.rights = rights
    self.isAdmin = isAdmin
  }

  /// The longest path of a socket.
  static let pathBytesMax = SettingText.socketPathByteLimit

  /// As the value of `listen` or `admin-socket` is written.
  var value: String {
    var text = "\(path) mode=0\(String(mode, radix: 8))"
    if let group { text += " group=\(group)" }
    if !isAdmin { text += " rights=\(rights.names)" }
    return text
  }

  /// Reads the value of `listen` or `admin-socket`: a path, then `name=value` words.
  static func read(_ assignment: Assignment) throws(ConfigurationError) -> ListenerConfiguration {
    let isAdmin = assignment.key == .adminSocket
    let words = SettingWords(assignment)
    var listener = ListenerConfiguration(
      path: try socketPath(words.first, assignment), mode: isAdmin ? 0o600 : 0o660,
      rights: isAdmin ? .all : [], isAdmin: isAdmin)
    for (name, value) in try words.named(
      isAdmin ? ["mode", "group"] : ["mode", "group", "rights"])
    {
      switch name {
      case "mode": listener.mode = try permissionBits(value, assignment)
      case "group": listener.group = try AccountName.read(value, assignment)
      default: listener.rights = try rightSet(value, assignment)
      }
    }
    if listener.rights.isEmpty {
      throw ConfigurationError(
        .badValue, assignment.origin, "listen says no rights",
        "add rights=validate (or front, front-admin, issue, admin)")
    }
    return listener
  }

  private static func socketPath(
    _ word: String, _ assignment: Assignment
  ) throws(ConfigurationError) -> String {
    if word.utf8.first == UInt8(ascii: "@") {
      throw ConfigurationError(
        .badValue, assignment.origin, "\(quoted(word)) is an abstract socket",
        "name a path: abstract sockets have no permissions")
    }
    let path = try absolutePath(word, assignment)
    if path.utf8.count > pathBytesMax {
      throw ConfigurationError(
        .badValue, assignment.origin,
        "the socket path has \(path.utf8.count) bytes, the system allows \(pathBytesMax)",
        "choose a shorter directory")
    }
    return path
  }

  private static func permissionBits(
    _ word: String, _ assignment: Assignment
  ) throws(ConfigurationError) -> UInt32 {
    guard let mode = SettingText.socketModeBits(word) else {
      throw ConfigurationError(
        .badValue, assignment.origin, "mode=\(quoted(word)) is no mode of a socket",
        "use 0600, 0660 or 0666")
    }
    return mode
  }
}

/// Reads `validate,front` or `all`.
func rightSet(_ word: String, _ assignment: Assignment) throws(ConfigurationError) -> RightSet {
  if word.utf8.elementsEqual("all".utf8) { return .all }
  var rights: RightSet = []
  for name in word.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
    guard let right = RightSet(name: name) else {
      let known = RightSet.named.map(\.name)
      throw ConfigurationError(
        .badValue, assignment.origin, "\(quoted(name)) is no right",
        suggestion(for: name, among: known)
          ?? "the rights are \(known.joined(separator: ", ")) and all")
    }
    rights.formUnion(right)
  }
  return rights
}
