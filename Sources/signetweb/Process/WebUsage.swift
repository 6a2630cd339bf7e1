/// The text of `--help`.
enum WebUsage {
  static var text: String {
    let lines = WebKey.allCases.map { key in
      let head = "  --\(key.rawValue) \(key.valueForm)"
      return "\(head)\n        \(key.summary)\n"
    }
    return """
      usage: signetweb [--config FILE] [--check-config] [--KEY VALUE ...]
      OAuth over HTTP for browsers and third-party apps: a FastCGI responder behind a web server,
      which logs people in and names them in a FastCGI parameter.

      Every setting may stand in the file as "key = value", or on the command line, which wins:
      \(lines.joined())
        --config FILE     read this file
        --check-config    judge the settings, print them, and stop
        --help, --version

      """
  }
}
