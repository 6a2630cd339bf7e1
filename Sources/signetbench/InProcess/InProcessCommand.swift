internal import TokenWire

extension BenchCommand {
  /// `signetbench in-process`.
  static let inProcess = BenchCommand(
    name: "in-process", summary: "measure the service's code in this process, without a socket",
    options: [
      .required("case", "NAME", InProcessCase.allCases.map(\.rawValue).joined(separator: ", ")),
      .value("tokens", "N", "live tokens of the table (default 100000)"),
      .value("sizes", "A,B", "validate: live tokens of each table, measured in turn"),
      .value("batch", "T", "tokens of a frame (default 128)"),
      .value("frames", "N", "count: frames that are answered (default 16)"),
      .value("rounds", "R", "rounds, all sides in each (default 5)"),
      .value("seconds", "S", "time of one side in one round (default 1)"),
      .value("json", "FILE", "- is standard output, and nothing else is there"),
    ],
    notes: [
      "mac-floor   two blocks of SHA-256, and a token's MAC as the service checks it\n"
        + "validate    VALIDATE frames against tables of several sizes\n"
        + "threads     two threads against one, a paced writer beside; the same with MACs only\n"
        + "split       an index grown to N entries: processor time of each split\n"
        + "revoke-app  revoking an app with N live tokens beside revoking one token\n"
        + "count       a fixed number of frames, the same instructions every time"
    ],
    example: "signetbench in-process --case validate --sizes 100000,10000000",
    run: { options throws(BenchError) in try InProcess(options).run() })
}

/// What is measured.
enum InProcessCase: String, CaseIterable {
  case macFloor = "mac-floor"
  case validate
  case threads
  case split
  case revokeApp = "revoke-app"
  case count
}

/// One in-process measurement at work.
struct InProcess {
  private let what: InProcessCase
  private let tokens: Int
  private var sizes: [Int] = []
  private let batch: Int
  private let frames: Int
  private let rounds: Int
  private let seconds: Double

  init(_ options: ParsedOptions) throws(BenchError) {
    guard let what: InProcessCase = try options.word("case") else {
      throw .usage("--case is missing")
    }
    self.what = what
    tokens = try options.number("tokens", in: 128...60_000_000, default: 100_000)
    batch = try options.number("batch", in: 1...512, default: 128)
    frames = try options.number("frames", in: 1...1_000_000, default: 16)
    rounds = try options.number("rounds", in: 1...1_000, default: 5)
    seconds = try options.decimal("seconds", max: 3_600) ?? 1
    let list = options.text("sizes") ?? String(tokens)
    for part in list.split(separator: ",") {
      guard let size = Int(part), 128...60_000_000 ~= size else {
        throw .usage("--sizes \(list) is no list of sizes", hint: "write such as 100000,10000000")
      }
      sizes.append(size)
    }
    guard let path = options.text("json"), path != "-" else { return }
    throw .usage("--json \(path): an in-process result goes to standard output", hint: "write -")
  }

  func run() throws(BenchError) -> ExitCode {
    var report = JSONText()
    switch what {
    case .macFloor: try MacFloor(seconds: seconds).report(to: &report)
    case .validate:
      try TableComparison(sizes: sizes, batch: batch, rounds: rounds, seconds: seconds)
        .report(to: &report)
    case .threads:
      try ThreadComparison(tokens: tokens, batch: batch, rounds: rounds, seconds: seconds)
        .report(to: &report)
    case .split: SplitTimes(entries: tokens).report(to: &report)
    case .revokeApp:
      try RevocationComparison(tokensOfAnApp: tokens, rounds: rounds).report(to: &report)
    case .count: try FrameCount(tokens: tokens, batch: batch, frames: frames).report(to: &report)
    }
    try writeOutput(report.text)
    return .ok
  }
}
