internal import COpenSSL

/// Memory for keys: fixed size, wiped before it is freed, and where the system allows it locked,
/// between guard pages and left out of core dumps (libcrypto's secure heap, 1 MiB a process). Where
/// that heap is full or cannot be had, ordinary memory, still wiped.
///
/// Invariant: `base` points at `count` bytes that this value alone owns until `deinit`. Whoever
/// holds it as a `let` after filling it may share it between threads.
@safe
struct SecretBytes: ~Copyable, @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let count: Int

  /// The secure heap; a failure leaves ordinary memory, so the result is only noted.
  private static let secureHeap: Int32 = CRYPTO_secure_malloc_init(1 << 20, 64)

  /// `count` zero bytes, aligned for 64-bit words.
  init(count: Int) {
    _ = Self.secureHeap
    guard
      let base = unsafe CRYPTO_secure_malloc(count, nil, 0) ?? CRYPTO_malloc(count, nil, 0)
    else { fatalError("out of memory for a key") }
    unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    unsafe self.base = base
    self.count = count
  }

  deinit { unsafe CRYPTO_secure_clear_free(base, count, nil, 0) }

  var bytes: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: base, count: count)
  }
}

/// Zeros `bytes` in a way that the compiler does not leave out.
public func wipe(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { buffer in
    unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
  }
}

/// Zeros `bytes` in a way that the compiler does not leave out.
public func wipe(_ bytes: inout MutableSpan<UInt8>) {
  unsafe bytes.withUnsafeMutableBytes { buffer in
    unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
  }
}

/// Whether both hold the same bytes, in a time that depends on their lengths only.
public func matchesInConstantTime(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  return unsafe left.withUnsafeBytes { leftBytes in
    unsafe right.withUnsafeBytes { rightBytes in
      unsafe leftBytes.isEmpty
        || CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
    }
  }
}
