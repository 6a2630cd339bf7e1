internal import TokenServer

extension BenchCommand {
  /// `signetbench echo-server`.
  static let echoServer = BenchCommand(
    name: "echo-server", summary: "serve signetd's own event loop with no work behind it",
    options: [
      .required("socket", "PATH", "where to listen, an absolute path; mode 0600"),
      .value("workers", "N", "worker threads, 1 to 64 (default 1)"),
    ],
    notes: [
      "It answers each VALIDATE with the body that came: same framing, same waits, no tokens.\n"
        + "What a request costs here no service can save."
    ],
    example: "signetbench echo-server --socket /tmp/echo.sock",
    run: { options throws(BenchError) in
      let path = options.required("socket")
      guard path.utf8.first == UInt8(ascii: "/") else {
        throw .usage("--socket \(path) is not absolute", hint: "begin it with /")
      }
      let workers = try options.number("workers", in: 1...64, default: 1)
      let code = EchoServer.run(path: path, workers: workers)
      return code == .ok ? .ok : .cannotConnect
    })
}
