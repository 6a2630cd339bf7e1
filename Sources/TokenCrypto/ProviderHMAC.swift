internal import COpenSSL

/// HMAC-SHA-256 by way of OpenSSL's provider interface: fetched and keyed once, started again for
/// each message with a null key. Slower than `HMACSHA256` and made from other code, which is what
/// the self test wants of it.
@safe
struct ProviderHMAC: ~Copyable {
  /// Invariant: an EVP_MAC_CTX that this value alone owns.
  private let context: OpaquePointer

  init(key: Span<UInt8>) {
    let made = unsafe key.withUnsafeBytes { buffer in
      unsafe copenssl_provider_hmac(
        buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count)
    }
    guard let made = unsafe made else { fatalError("libcrypto has no HMAC-SHA-256") }
    unsafe context = made
  }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  mutating func tag(_ message: Span<UInt8>) -> Block256 {
    var words: InlineArray<4, UInt64> = .init(repeating: 0)
    var span = words.mutableSpan
    var count = 0
    let worked = unsafe span.withUnsafeMutableBytes { output in
      unsafe message.withUnsafeBytes { input in
        unsafe EVP_MAC_init(context, nil, 0, nil) == 1
          && EVP_MAC_update(
            context, input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count) == 1
          && EVP_MAC_final(
            context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &count, 32) == 1
      }
    }
    guard worked, count == 32 else { fatalError("libcrypto failed to compute an HMAC") }
    return Block256(littleEndian: words)
  }
}
