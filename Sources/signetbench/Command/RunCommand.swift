internal import LinuxIO

extension BenchCommand {
  /// `signetbench run`.
  static let run = BenchCommand(
    name: "run", summary: "drive a server, check every answer, say how fast it was",
    options: RunRequest.options,
    notes: [
      "Closed loop: each answer brings the next request. Open loop (--rate): requests are due at\n"
        + "fixed times, and a late one counts from when it was due.",
      "mixed and revoke leave dead tokens behind: fill a new file before it is used again.",
      "--batch puts T tokens into one VALIDATE or ISSUE frame. Redis and memcached have no\n"
        + "frames: there it is T commands sent together, one request whose answer is all T answers.",
    ],
    example: "signetbench run --target signet --socket run/signet.sock --tokens t.bin "
      + "--connections 50 --depth 16",
    run: { options throws(BenchError) in try LoadRun(RunRequest(options)).run() })
}
