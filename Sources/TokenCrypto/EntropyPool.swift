internal import COpenSSL

/// Random numbers from libcrypto's private generator (RAND_priv_bytes), drawn a page-full at a time
/// so that one id costs nanoseconds instead of most of a microsecond. Bytes are wiped from the pool
/// as they are handed out, so what was drawn cannot be read there later.
///
/// Each thread owns one. A process that forks must not use the pool on both sides, since parent and
/// child would hand out the same bytes; forking with a live pool is not supported. If the
/// generator fails, the process ends: nothing here may run on guessable numbers.
public struct EntropyPool: ~Copyable {
  /// What one refill draws: large enough to hide its fixed cost, small enough for the first-level
  /// cache and for little to lie about unused.
  static let capacity = 16_384

  let pool: SecretBytes
  /// Bytes already handed out; a multiple of 8.
  private(set) var used = EntropyPool.capacity

  public init() { pool = SecretBytes(count: Self.capacity) }

  /// 64 random bits.
  public mutating func word() -> UInt64 {
    let start = unsafe take(8)
    defer { unsafe start.storeBytes(of: 0, as: UInt64.self) }
    return unsafe start.load(as: UInt64.self)
  }

  /// 128 random bits: an id, a seed, a salt.
  public mutating func block128() -> Block128 {
    Block128(word0: word(), word1: word())
  }

  /// 256 random bits: a client secret, a key.
  public mutating func block256() -> Block256 {
    Block256(word0: word(), word1: word(), word2: word(), word3: word())
  }

  /// The next `count` bytes of the pool, refilled first if it holds fewer.
  ///
  /// Invariant: `count` is 8, so what is returned is 8-aligned and inside the pool; the caller
  /// zeros it.
  private mutating func take(_ count: Int) -> UnsafeMutableRawPointer {
    if used &+ count > Self.capacity { refill() }
    defer { used &+= count }
    return unsafe pool.base + used
  }

  private mutating func refill() {
    let drawn = unsafe RAND_priv_bytes(
      pool.base.assumingMemoryBound(to: UInt8.self), Int32(Self.capacity))
    guard drawn == 1 else { fatalError("libcrypto's random number generator failed") }
    used = 0
  }
}
