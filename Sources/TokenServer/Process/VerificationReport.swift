internal import TokenCrypto
internal import TokenStorage

/// What `--verify` found, for people and for scripts.
struct VerificationReport {
  let directory: String
  let verdict: String
  /// What a start that met it would refuse, the first thing first; the next ones when that is
  /// mended.
  let refusals: [VerificationFinding]
  /// For people, verdict last, without the directory. Refusals go to the log, like every error.
  let lines: [String]
  private var files: [VerifiedFile] = []
  private var notes: [String] = []
  private var instance: String?
  private var commitCount: UInt64 = 0
  private var lastPosition: UInt64 = 0
  private var rows: [(name: String, value: UInt64)] = []

  /// What the status tells.
  var exitCode: ExitCode { refusals.first?.code ?? .ok }

  init(_ place: VerificationPlace, _ directory: String, _ verification: JournalVerification) {
    self.directory = directory
    let own = verification.refusal.map { [VerificationFinding($0)] } ?? []
    refusals = place.before + own + place.after
    verdict = refusals.isEmpty ? verification.verdictName : "refused"
    files = verification.files
    notes = verification.report.notes + place.notes
    instance = verification.instance
    commitCount = verification.commitCount
    lastPosition = verification.lastPosition
    rows = verification.highestRows.withSetting.map { ($0.table, UInt64($0.row)) }
    var lines = files.map { "\($0.name): \($0.text)" }
    if !rows.isEmpty {
      let needs = rows.map { "max-\($0.name) \($0.value)" }.joined(separator: ", ")
      lines.append("needs at least: \(needs)")
    }
    lines += notes.map { "note: \($0)" }
    if own.isEmpty { lines.append(verification.verdictText) }
    self.lines = lines
  }

  init(_ directory: String, _ backup: BackupContents) {
    self.directory = directory
    verdict = "backup"
    refusals = []
    files = backup.files
    lines =
      files.map { "\($0.name): \($0.text)" }
      + ["whole: a backup at position \(backup.manifest.position)"]
    instance = backup.manifest.instance.hexText
    lastPosition = backup.manifest.position
  }

  /// Of a backup that is refused.
  init(backup directory: String, _ refusal: RecoveryRefusal) {
    self.directory = directory
    refusals = [VerificationFinding(refusal)]
    verdict = "refused"
    lines = []
  }

  /// Of a directory that cannot be read for want of the key, or that holds nothing.
  init(_ place: VerificationPlace, _ directory: String, _ refusal: RecoveryRefusal?) {
    self.directory = directory
    let own = refusal.map { [VerificationFinding($0)] } ?? []
    refusals = place.before + own + place.after
    verdict = refusals.isEmpty ? "fresh" : "refused"
    notes = place.notes
    lines = notes.map { "note: \($0)" } + (own.isEmpty ? ["no journal here yet"] : [])
  }

  /// One object. Names stay; later versions may add some.
  var json: String {
    ReportValue.record([
      "directory": .text(directory),
      "verdict": .text(verdict),
      "exitCode": .number(UInt64(exitCode.rawValue)),
      "instance": instance.map { .text($0) } ?? .none,
      "commits": .number(commitCount),
      "lastPosition": .number(lastPosition),
      "files": .list(
        files.map { file in
          .numbers(
            file.facts.map { ($0.name, $0.value) },
            before: ["file": .text(file.name), "kind": .text(file.kind.rawValue)])
        }),
      "notes": .list(notes.map { .text($0) }),
      "rows": .numbers(rows, before: [:]),
      "refusal": refusals.first.map(Self.value) ?? .none,
      "refusals": .list(refusals.map(Self.value)),
    ]).json
  }

  private static func value(_ refusal: VerificationFinding) -> ReportValue {
    .record([
      "exitCode": .number(UInt64(refusal.code.rawValue)),
      "file": .text(refusal.file),
      "offset": refusal.offset.map { .number(UInt64($0)) } ?? .none,
      "found": .text(refusal.found),
      "advice": .text(refusal.advice),
    ])
  }
}
