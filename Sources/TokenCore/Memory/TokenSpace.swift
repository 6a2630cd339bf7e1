import Synchronization

/// What the tables say about a token id. Whether the provider is on is a separate word.
public enum TokenVerdict: UInt8, Sendable, BitwiseCopyable {
  case live
  /// No record: never issued, or ended and reclaimed.
  case absent
  case expired
  /// Revoked by itself, or a gate at or above its position.
  case revoked
  /// Its commit is not durable yet.
  case unreleased
}

/// A verdict and, unless it is `absent`, the record that it is about.
public struct TokenAnswer: Sendable, BitwiseCopyable {
  public var verdict: TokenVerdict
  /// Where the record lies; 0 when absent. With ``TokenRecord/none`` then.
  public var slot: UInt32
  public var record: TokenRecord

  public static let absent = TokenAnswer(verdict: .absent, slot: 0, record: .none)
}

/// The read side of the token table, for any thread: no lock, no wait, no allocation.
///
/// **Order of reads**: `released`, then the record, then the gates, and the provider switch last
/// (by the caller, ``Gates/provider``). `released` and the gates only rise, so a verdict `live` was
/// true at the instant the record was read, all parts at once.
///
/// **Texts** (subject, client) lie in fat records whose slots get new owners. The order: look up,
/// copy the texts, *then* ask ``isStillLive(_:)``. A slot's gate is raised to the present position
/// before its text changes, so if the gates still let the token live, the copies are of its owner.
public struct TokenSpace: BitwiseCopyable, Sendable {
  public let slab: TokenSlabReader
  public let index: TokenIndexReader
  public let gates: Gates

  public init(slab: TokenSlabReader, index: TokenIndexReader, gates: Gates) {
    self.slab = slab
    self.index = index
    self.gates = gates
  }

  /// - Parameter nowSeconds: Unix seconds; a token is expired when its expiry is not later.
  public func lookup(_ id: TokenID, nowSeconds: UInt32) -> TokenAnswer {
    let released = gates.released
    return answer(find(id), released: released, nowSeconds: nowSeconds)
  }

  /// The record of the id, whatever the gates say.
  public func find(_ id: TokenID) -> (slot: UInt32, record: TokenRecord)? {
    let likely = index.segment(id.hash).slotAtHome(id.hash)
    if likely != 0, let record = slab.load(likely), record.id == id { return (likely, record) }
    return findFurther(id)
  }

  /// Every candidate, one after the other.
  func findFurther(_ id: TokenID) -> (slot: UInt32, record: TokenRecord)? {
    var probe = index.probe(id.hash)
    while let slot = probe.next() {
      guard let record = slab.read(slot) else { continue }
      #if PLANTED
        if planted(.tagTakenForAnId) { return (slot, record) }
      #endif
      if record.id == id { return (slot, record) }
    }
    return nil
  }

  /// Whether no gate has killed the record, asked after texts of its grant, app or user were
  /// copied.
  public func isStillLive(_ record: TokenRecord) -> Bool {
    atomicMemoryFence(ordering: .acquiring)
    return !gates.isDead(record)
  }

  /// Whether the record can be freed for good: revoked, expired, or below a gate. For the lane.
  public func isReclaimable(_ record: TokenRecord, nowSeconds: UInt32) -> Bool {
    record.isRevoked || record.expirySeconds <= nowSeconds || gates.isDead(record)
  }

  @inline(__always)
  func answer(
    _ found: (slot: UInt32, record: TokenRecord)?, released: UInt64, nowSeconds: UInt32
  ) -> TokenAnswer {
    guard let (slot, record) = found else { return .absent }
    let verdict: TokenVerdict
    if record.isRevoked || gates.isDead(record) {
      verdict = .revoked
    } else if record.expirySeconds <= nowSeconds {
      verdict = .expired
    } else if record.position > released {
      verdict = .unreleased
    } else {
      verdict = .live
    }
    return TokenAnswer(verdict: verdict, slot: slot, record: record)
  }
}
