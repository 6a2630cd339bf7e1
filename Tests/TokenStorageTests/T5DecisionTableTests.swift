import Foundation
import LinuxIO
import StorageSupport
import Testing
import TokenStorage

/// T5: every row of the decision table in proto-spec/journal.md. A refusal has the row's exit
/// status and names file and offset; the directory is byte for byte what it was.
@Suite("T5: decision table")
struct T5DecisionTableTests {
  @Test("T5: a row of the table", arguments: DecisionRow.all)
  func row(_ row: DecisionRow) throws {
    let original = try JournalSample(
      steps: 10, isWitnessed: row.isWitnessed, syncs: row.syncs)
    var sample = original
    try row.perform(&sample)
    let disk = SimulatedDisk(files: sample.files)
    if let call = row.failingCall { disk.fault = DiskFault(atCall: call, .error(.inputOutput)) }
    var found = 0
    var report = Recovery.read(disk, JournalDriver.root, row.options(sample)) { _ in found += 1 }
    if row.found == "a journal and no root key" {
      let refusal = try #require(Recovery.refusalWithoutRootKey(disk))
      report.verdict = .refused(refusal)
    }
    switch row.expected {
    case .fresh: #expect(report.verdict == .fresh(leftovers: ["reserve.j"]))
    case .whole(let notes):
      #expect(report.refusal == nil && report.notes.count == notes, "\(report)")
      #expect(found == sample.commits.count)
    case .tornTail(let place):
      guard case .tornTail(_, let tail) = report.verdict else {
        Issue.record("\(report.verdict)")
        return
      }
      #expect(tail.file == sample.segments[2] && tail.range.lowerBound == place(original))
    case .refused(let code, let file, let place):
      let refusal = try #require(report.refusal)
      #expect(refusal.exitCode == code, "\(refusal)")
      // Places are those of the directory before the damage, but for one that was made anew.
      let isNew = sample.segments != original.segments
      let name = file(isNew ? sample : original)
      let offset = place(isNew ? sample : original)
      let start = offset.map { "\(name), byte \($0): " } ?? "\(name): "
      #expect(refusal.description.hasPrefix(start) || offset == nil, "\(refusal), not \(start)")
      #expect(refusal.file == name && !refusal.advice.isEmpty && !refusal.found.isEmpty)
      #expect(!refusal.description.contains("\n"))
    }
    #expect(disk.files == sample.files)
  }

  @Test("T5: the table in the specification has these rows and no others")
  func rows() throws {
    let page = try String(contentsOfFile: Self.page, encoding: .utf8)
    let table = try #require(page.components(separatedBy: "| found | verdict |\n").last)
    let rows = table.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("|") }
    let found = rows.compactMap { line -> String? in
      line.dropFirst(2).components(separatedBy: " | ").first
    }
    #expect(found.count > 20)
    #expect(Set(found).subtracting(DecisionRow.all.map(\.found)) == [])
    #expect(Set(DecisionRow.all.map(\.found)).subtracting(found) == [])
  }

  private static let page = #filePath.replacingOccurrences(
    of: "Tests/TokenStorageTests/T5DecisionTableTests.swift", with: "proto-spec/journal.md")
}
