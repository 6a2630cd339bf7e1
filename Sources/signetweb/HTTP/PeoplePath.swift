/// Which paths belong to people, who log in, and not to programs.
enum PeoplePath {
  static func contains(_ path: [UInt8]) -> Bool {
    switch path {
    case "/oauth/authorize", "/oauth/consent", "/oauth/deauthorize", "/console": true
    default: path.starts(with: "/console/".utf8)
    }
  }
}
