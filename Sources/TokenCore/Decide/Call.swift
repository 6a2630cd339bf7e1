/// What the lane knows about one call besides its operation.
public struct Call: Equatable, Sendable {
  /// The trusted time, read once for the batch, never lower than the last.
  public var nowMillis: UInt64
  public var peerUID: UInt32
  /// nil = the caller gave no idempotency key.
  public var retry: RetryRequest?
  /// False while the clock is suspect: then nothing is reclaimed.
  public var mayReclaim: Bool

  public init(
    nowMillis: UInt64, peerUID: UInt32, retry: RetryRequest? = nil, mayReclaim: Bool = true
  ) {
    self.nowMillis = nowMillis
    self.peerUID = peerUID
    self.retry = retry
    self.mayReclaim = mayReclaim
  }
}

/// An idempotency key with what makes a retry recognisable and repeatable.
public struct RetryRequest: Equatable, Sendable {
  public var key: TokenID
  /// The opcode, so that a key used for another operation is a conflict.
  public var operation: UInt16
  public var bodyDigest: TokenID
  /// What the operation's ids and secrets were derived from.
  public var seed: TokenID
  public var keyID: UInt8

  public init(
    key: TokenID, operation: UInt16, bodyDigest: TokenID, seed: TokenID, keyID: UInt8
  ) {
    self.key = key
    self.operation = operation
    self.bodyDigest = bodyDigest
    self.seed = seed
    self.keyID = keyID
  }
}
