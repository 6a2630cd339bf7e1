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
    // An upper bound of what one call makes and frees: for each token of an ISSUE a token, a grant,
    // a family, a scope set and an audience; the dead grants that make room; what reclaim frees;
    // records of the caller.
    let rows = TableSizes().arenaLimits
    let largest = RecordKind.allCases.map { rows[$0].strideBytes }.max() ?? 0
    let one =
      96 + rows[.grant].strideBytes + rows[.family].strideBytes + Limits.scopeMaxBytes
      + Limits.audienceMaxBytes + 5 * 16
    let freed =
      Limits.freedGrantsPerMutation * 4 + Limits.reclaimSlotsWhenFull * 2
      + Limits.issuedTokensPerCall * Limits.reclaimSlotsPerToken * TableUse.names.count
    let commit = Limits.issuedTokensPerCall * one + freed * 8 + 8 * largest
    let batch = settings.batchBytes + commit
    #expect(batch + 4 * 4_096 <= settings.options.segmentBytes, "\(commit) bytes of a commit")
  }
}
