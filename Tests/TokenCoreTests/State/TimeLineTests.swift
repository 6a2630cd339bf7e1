import Testing

@testable import TokenCore

@Suite struct TimeLineTests {
  @Test func aCommitInANewSecondIsSampledOncePerLevelThatBegins() {
    var line = TimeLine()
    let first = line.slots(atMillis: 1_000_000)
    #expect(first.count == TimeLine.levelCount)
    for slot in first { line.note(slot: slot, atMillis: 1_000_000) }
    #expect(line.slots(atMillis: 1_000_999).isEmpty)
    #expect(line.slots(atMillis: 1_001_000).count == 1)
  }

  @Test func slotsAreWithinTheTable() {
    let line = TimeLine()
    for millis in [0, 1, 999, 1_000, 1_767_225_600_000, 9_999_999_999_999] as [UInt64] {
      for slot in line.slots(atMillis: millis) {
        #expect(slot >= 1 && Int(slot) <= TimeLine.capacity)
      }
    }
  }

  @Test func everyLevelHasItsOwnSlots() {
    var seen: Set<UInt32> = []
    for level in 0..<TimeLine.levelCount {
      for interval in 0..<UInt64(TimeLine.samplesPerLevel) {
        #expect(seen.insert(TimeLine.slot(interval, level: level)).inserted)
      }
    }
    #expect(seen.count == TimeLine.capacity)
  }
}
