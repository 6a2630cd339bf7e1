internal import TokenCrypto
internal import TokenStorage

/// What `--verify` found, for people and for scripts.
struct VerificationReport {
  let directory: String
  let verdict: String
  let refusal: RecoveryRefusal?
  /// For people, verdict last, without the directory.
  let lines: [String]
  private let files: [VerifiedFile]
  private let notes: [String]
  private let instance: String?
  private let commitCount: UInt64
  private let lastPosition: UInt64

  init(_ directory: String, _ verification: JournalVerification) {
    self.directory = directory
    verdict = verification.verdictName
    refusal = verification.refusal
    // The refusal goes to the log, where every error goes.
    lines = refusal == nil ? verification.lines : verification.lines.dropLast()
    files = verification.files
    notes = verification.report.notes
    instance = verification.instance
    commitCount = verification.commitCount
    lastPosition = verification.lastPosition
  }

  init(_ directory: String, _ backup: BackupContents) {
    self.directory = directory
    verdict = "backup"
    refusal = nil
    files = backup.files
    lines =
      files.map { "\($0.name): \($0.text)" }
      + ["whole: a backup at position \(backup.manifest.position)"]
    instance = backup.manifest.instance.hexText
    (notes, commitCount, lastPosition) = ([], 0, backup.manifest.position)
  }

  /// Of a directory or backup that cannot be read, as for want of the key.
  init(_ directory: String, _ refusal: RecoveryRefusal?) {
    self.directory = directory
    self.refusal = refusal
    verdict = refusal == nil ? "fresh" : "refused"
    lines = refusal == nil ? ["no journal here yet"] : []
    (files, notes, instance, commitCount, lastPosition) = ([], [], nil, 0, 0)
  }

  /// One object. Names stay; later versions may add some.
  var json: String {
    ReportValue.record([
      "directory": .text(directory),
      "verdict": .text(verdict),
      "exitCode": .number(UInt64(ExitCode(refusal).rawValue)),
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
      "refusal": refusal.map(Self.value) ?? .none,
    ]).json
  }

  private static func value(_ refusal: RecoveryRefusal) -> ReportValue {
    .record([
      "file": .text(refusal.file),
      "offset": refusal.offset.map { .number(UInt64($0)) } ?? .none,
      "found": .text(refusal.found),
      "advice": .text(refusal.advice),
    ])
  }
}
