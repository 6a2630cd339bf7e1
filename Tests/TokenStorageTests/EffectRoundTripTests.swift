import StorageSupport
import Testing
import TokenCore

@Suite("Effects as bytes")
struct EffectRoundTripTests {
  @Test("200 random effects of every type come back as they were; transient ones are left out")
  func roundTrip() throws {
    for seed in UInt64(0)..<200 {
      var samples = EffectSamples(seed: seed)
      let effects = samples.all()
      #expect(effects.map(EffectSamples.place) == Array(0..<28))
      var batch = CommitBatch()
      batch.add(effects, at: 41)
      batch.add([], at: 42)
      batch.add([effects[25]], at: 43)
      let commits = try CommitBatch.commits(in: batch.payload, firstPosition: 41, commitCount: 3)
      #expect(commits.map(\.position) == [41, 42, 43] && batch.lastPosition == 43)
      #expect(commits[0].effects == Array(effects[..<25]), "seed \(seed)")
      #expect(commits[1].effects.isEmpty && commits[2].effects.isEmpty)
    }
  }

  @Test("a batch in the memory of a longer one holds what it was given and no more")
  func again() {
    var samples = EffectSamples(seed: 3)
    let effects = samples.all()
    var batch = CommitBatch()
    batch.add(effects, at: 41)
    batch.add(effects, at: 42)
    batch.removeAll()
    #expect(batch.isEmpty && batch.byteCount == 0 && batch.lastPosition == 0)
    batch.add([effects[0]], at: 7)
    var fresh = CommitBatch()
    fresh.add([effects[0]], at: 7)
    #expect(batch.payload == fresh.payload)
    #expect(batch.firstPosition == 7 && batch.commitCount == 1)
  }

  @Test("a payload cut anywhere, or with a byte more, is refused")
  func cut() {
    var samples = EffectSamples(seed: 1)
    var batch = CommitBatch()
    batch.add(samples.all().filter { EffectSamples.place($0) != 11 }, at: 1)
    for count in 0..<batch.byteCount {
      #expect(throws: EffectFault.self) {
        try CommitBatch.commits(
          in: Array(batch.payload[..<count]), firstPosition: 1, commitCount: 1)
      }
    }
    #expect(throws: EffectFault.framing) {
      try CommitBatch.commits(in: batch.payload + [0], firstPosition: 1, commitCount: 1)
    }
  }

  @Test("a type or version that is not known is named")
  func unknown() {
    func payload(_ effect: [UInt8]) -> [UInt8] {
      [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, UInt8(effect.count), 0, 0, 0] + effect
    }
    func fault(_ effect: [UInt8]) -> EffectFault? {
      do throws(EffectFault) {
        _ = try CommitBatch.commits(in: payload(effect), firstPosition: 1, commitCount: 1)
        return nil
      } catch {
        return error
      }
    }
    #expect(fault([2, 1, 4, 0, 9, 0, 0, 0]) == nil)
    #expect(fault([99, 1, 4, 0, 9, 0, 0, 0]) == .unknown(type: 99, version: 1))
    #expect(fault([2, 2, 4, 0, 9, 0, 0, 0]) == .unknown(type: 2, version: 2))
    #expect(fault([2, 1, 3, 0, 9, 0, 0]) == .malformed(type: 2))
    #expect(fault([2, 1, 5, 0, 9, 0, 0, 0, 0]) == .malformed(type: 2))
    // A key and the settings lie in rows that follow from what they are.
    #expect(fault([22, 1, 5, 0, 4, 0, 0, 0, 3]) == nil)
    #expect(fault([22, 1, 5, 0, 5, 0, 0, 0, 3]) == .malformed(type: 22))
    #expect(fault([21, 1, 4, 0, 1, 0, 0, 0]) == nil)
    #expect(fault([21, 1, 4, 0, 2, 0, 0, 0]) == .malformed(type: 21))
    #expect(fault([18, 1, 13, 0, 6] + [UInt8](repeating: 0, count: 12)) == .malformed(type: 18))
  }

  @Test("the bytes of every type are the ones of the first release")
  func frozen() {
    #expect(encoded(.tokenRevoked(0x0102_0304)) == [2, 1, 4, 0, 4, 3, 2, 1])
    #expect(
      encoded(.gateRaised(.key(7), position: 9))
        == [18, 1, 13, 0, 4, 7, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])
    #expect(encoded(.scopeSet(5, [0x61, 0x62])) == [19, 1, 4, 0, 5, 0, 0x61, 0x62])
    #expect(
      encoded(.moment(3, Moment(position: 0x11, atMillis: 0x22)))
        == [25, 1, 13, 0, 3, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0, 0x22])
    // Of the long ones the checksum: another value here means that old journals read wrongly.
    var samples = EffectSamples(seed: 2_026, possible: false)
    let sums = samples.all()[..<25].map { FrozenEffects.checksum(encoded($0)) }
    #expect(sums == FrozenEffects.checksums)
  }

  private func encoded(_ effect: Effect) -> [UInt8] {
    var batch = CommitBatch()
    batch.add([effect], at: 1)
    return Array(batch.payload[16...])
  }
}
