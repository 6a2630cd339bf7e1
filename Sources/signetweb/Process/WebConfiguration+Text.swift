extension WebConfiguration {
  /// As a file would say it, for `--check-config`.
  var text: String {
    let group = listen.groupID.map { " group=\($0)" } ?? ""
    let mode = String(listen.mode, radix: 8)
    var lines = [
      "listen = \(listen.path) mode=0\(mode)\(group)",
      "service = \(servicePath)",
      "issuer = \(String(decoding: issuer, as: UTF8.self))",
      "user-parameter = \(String(decoding: userParameter, as: UTF8.self))",
    ]
    lines += systemAdministrators.map { String(decoding: $0, as: UTF8.self) }.sorted()
      .map { "system-administrators = \($0)" }
    lines += webServerUserIDs.sorted().map { "web-server-uid = \($0)" }
    lines += ["workers = \(workers)", "log-level = \(logLevel.name)"]
    lines.append("icons = \(showsIcons ? "on" : "off")")
    return lines.map { $0 + "\n" }.joined()
  }
}
