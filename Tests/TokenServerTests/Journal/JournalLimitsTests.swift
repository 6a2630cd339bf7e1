import StorageSupport
import Testing
import TokenCore
import TokenStorage

@testable import TokenServer

struct JournalLimitsTests {
  @Test("a batch at its cap and the largest commit after it fit into the smallest segment")
  func smallestSegment() throws {
    var configuration = try JournalPlan().configuration()
    configuration.limits.journalSegmentMiB =
      NumberKey.all
      .first { $0.key == .journalSegmentMiB }?.range.lowerBound ?? 0
    let settings = JournalSettings(configuration)
    #expect(settings.options.segmentBytes == 1 << 20)
    #expect(settings.batchBytes == 131_072)
    // As many rows as one call can make or free, each as large as any: a token, a grant, a family,
    // a scope set, an audience and a retry record for each token of an ISSUE; the dead grants that
    // make room; what reclaim frees; an audit record each.
    let longest = TableSizes().arenaLimits
    let record = RecordKind.allCases.map { longest[$0].strideBytes }.max() ?? 0
    let tokens = Limits.issuedTokensPerCall
    let made = tokens * (3 * 160 + Limits.scopeMaxBytes + Limits.audienceMaxBytes)
    let freed =
      (Limits.freedGrantsPerMutation * 4 + tokens * Limits.reclaimSlotsPerToken * 13
        + Limits.reclaimSlotsWhenFull * 2) * 8
    let commit = made + freed + 4 * record
    let batch = settings.batchBytes + commit
    #expect(batch + 4 * 4_096 <= settings.options.segmentBytes, "\(commit) bytes of a commit")
  }
}
