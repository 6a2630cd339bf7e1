/// Seals bytes that travel through other hands and must come back unchanged, such as a consent
/// ticket: the bytes, then 32 bytes of HMAC-SHA-256 under the ticket key. They stay readable; only
/// their integrity is kept. Age, and use only once, are for whoever wrote what is inside.
public struct TicketSeal: ~Copyable, Sendable {
  /// Bytes that a seal adds.
  public static let overhead = 32

  private let mac: HMACSHA256

  public init(_ root: RootKey) { mac = HMACSHA256(key: root.key(for: .ticket)) }

  /// `payload` with its seal.
  public func seal(_ payload: Span<UInt8>) -> [UInt8] {
    let tag = mac.tag(payload)
    return [UInt8](capacity: payload.count + Self.overhead) { output in
      for index in payload.indices { output.append(payload[index]) }
      append(tag.word0, to: &output)
      append(tag.word1, to: &output)
      append(tag.word2, to: &output)
      append(tag.word3, to: &output)
    }
  }

  /// How many bytes at the front of `sealed` are the payload, or nil if the seal does not fit.
  /// Compares in constant time.
  public func payloadLength(_ sealed: Span<UInt8>) -> Int? {
    let length = sealed.count - Self.overhead
    guard length >= 0, let claimed = Block256(bytes: sealed.extracting(length...)) else {
      return nil
    }
    return mac.tag(sealed.extracting(..<length)).matches(claimed) ? length : nil
  }

  /// The payload of `sealed` as an array of its own, or nil if the seal does not fit.
  public func open(_ sealed: Span<UInt8>) -> [UInt8]? {
    guard let length = payloadLength(sealed) else { return nil }
    return [UInt8](capacity: length) { output in
      for index in 0..<length { output.append(sealed[index]) }
    }
  }
}
