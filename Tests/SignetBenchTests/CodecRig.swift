import TokenWire

@testable import signetbench

/// A store with made-up tokens, user = index.
func sampleStore(_ count: Int = 4) throws -> TokenStore {
  let store = try TokenStore(count: count, clientId: Array("client0000000000000000test".utf8))
  for index in 0..<count {
    let token = ParsedToken(
      kind: .accessToken, keyID: 1, idWord0: UInt64(index), idWord1: 2, tagWord0: 3, tagWord1: 4)
    store.setText(TokenText.bytes(token), at: index, user: UInt32(index))
  }
  return store
}

extension Codec where Self: ~Copyable {
  /// Writes the request of slot 0 of connection 0 and returns its bytes.
  mutating func request(slot: Int = 0) -> [UInt8]? {
    var output = ByteQueue(capacity: 64)
    guard write(Ticket(connection: 0, slot: slot, index: slot), &output) else { return nil }
    return unsafe [UInt8](output.bytes)
  }

  /// Feeds the bytes as two reads, cut at `cut`, and adds up what they were.
  mutating func answer(_ bytes: [UInt8], cut: Int) -> (replies: [Reply], broken: Bool) {
    var input = ByteQueue(capacity: 64)
    var replies: [Reply] = []
    for part in [bytes[..<cut], bytes[cut...]] where !part.isEmpty {
      let room = unsafe input.room(part.count)
      unsafe room.copyBytes(from: part)
      input.append(part.count)
      scan: while input.count > 0 {
        switch unsafe read(input.bytes, connection: 0) {
        case .needsMore: break scan
        case .part(let byteCount): input.removeFirst(byteCount)
        case .reply(let reply):
          input.removeFirst(reply.byteCount)
          replies.append(reply)
        case .broken: return (replies, true)
        }
      }
    }
    return (replies, input.count > 0)
  }
}
