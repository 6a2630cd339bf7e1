import Synchronization

/// The read side of ``TokenSlab``: any thread, no lock, no wait, no allocation. Valid as long as
/// the arena's memory is.
public struct TokenSlabReader: BitwiseCopyable, Sendable {
  let words: AtomicWords

  /// The record in the slot, whole, as it was at one instant during the call; nil when the slot
  /// held none, or changed hands meanwhile (then the token that was looked for is gone).
  ///
  /// A revoked token's record is given too: `isRevoked` says so.
  public func read(_ slot: UInt32) -> TokenRecord? { load(slot) }

  @inline(__always)
  func load(_ slot: UInt32) -> TokenRecord? {
    let line = words.line(Int(slot) * 8)
    let state = TokenState(word: line.loadAcquiring(0))
    guard state.isTaken else { return nil }
    let id0 = line.loadRelaxed(1)
    let id1 = line.loadRelaxed(2)
    let digest0 = line.loadRelaxed(3)
    let digest1 = line.loadRelaxed(4)
    let word5 = line.loadRelaxed(5)
    let word6 = line.loadRelaxed(6)
    let word7 = line.loadRelaxed(7)
    atomicMemoryFence(ordering: .acquiring)
    guard line.loadRelaxed(0) == state.word else { return nil }
    var record = TokenRecord(
      kind: state.kind, keyID: state.keyID, expirySeconds: state.expirySeconds,
      id: TokenID(word0: id0, word1: id1), digest: TokenDigest(word0: digest0, word1: digest1),
      position: word5 >> 16, scopeSet: UInt16(truncatingIfNeeded: word5),
      audience: UInt16(truncatingIfNeeded: word6 >> 16), flags: UInt16(truncatingIfNeeded: word6),
      grant: UInt32(truncatingIfNeeded: word6 >> 32), app: UInt32(truncatingIfNeeded: word7 >> 32),
      user: UInt32(truncatingIfNeeded: word7))
    record.isRevoked = state.isRevoked
    return record
  }

  /// Whether the slot holds a token that is not revoked, at this instant. Expiry and gates are not
  /// looked at (``TokenSpace``). One acquiring load.
  public func isLive(_ slot: UInt32) -> Bool {
    TokenState(word: words.loadAcquiring(Int(slot) * 8)).isLive
  }

  /// Whether the slot holds a token, live or revoked.
  public func isTaken(_ slot: UInt32) -> Bool {
    TokenState(word: words.loadAcquiring(Int(slot) * 8)).isTaken
  }

  /// Slots of the grant, app and user in the record, each as of some instant: to touch their gates.
  @inline(__always)
  func owners(_ slot: UInt32) -> (grant: UInt32, app: UInt32, user: UInt32) {
    let line = words.line(Int(slot) * 8)
    let word6 = line.loadRelaxed(6)
    let word7 = line.loadRelaxed(7)
    return (
      UInt32(truncatingIfNeeded: word6 &>> 32), UInt32(truncatingIfNeeded: word7 &>> 32),
      UInt32(truncatingIfNeeded: word7)
    )
  }

  /// Brings the record's cache line near.
  @inline(__always)
  func touch(_ slot: UInt32) { _ = words.loadRelaxed(Int(slot) * 8 + 1) }
}
