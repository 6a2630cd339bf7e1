/// What makes a retried mutation have one effect: found by the caller's uid and idempotency key.
/// It holds no token and no secret; those are derived again from `seed` by the holder of the root
/// key, so the retry's reply carries the same ones.
public struct RetryRecord: Equatable, Sendable {
  public var peerUID: UInt32
  public var key: TokenID
  public var operation: UInt16
  /// The digest of the request body.
  public var bodyDigest: TokenID
  public var seed: TokenID
  /// The key that signed what the operation produced.
  public var keyID: UInt8
  public var position: UInt64
  public var atMillis: UInt64
  public var outcome: StoredOutcome

  public init(
    peerUID: UInt32, key: TokenID, operation: UInt16, bodyDigest: TokenID, seed: TokenID,
    keyID: UInt8, position: UInt64, atMillis: UInt64, outcome: StoredOutcome
  ) {
    self.peerUID = peerUID
    self.key = key
    self.operation = operation
    self.bodyDigest = bodyDigest
    self.seed = seed
    self.keyID = keyID
    self.position = position
    self.atMillis = atMillis
    self.outcome = outcome
  }
}

/// The part of an outcome that cannot be derived again from the request and the seed: a few
/// numbers whose meaning belongs to the operation (see `Outcome.stored`).
public struct StoredOutcome: Equatable, Sendable {
  public var numbers: [UInt64]

  public init(numbers: [UInt64]) {
    precondition(numbers.count <= StoredOutcome.capacity, "an outcome stores at most 16 numbers")
    self.numbers = numbers
  }

  public static let capacity = 16
}
