internal import TokenCore
internal import TokenCrypto
internal import TokenServer
internal import TokenWire

/// VALIDATE frames made beforehand, of tokens drawn from a table: what a socket would bring. Each
/// asks for verdicts.
struct FrameRing: Sendable {
  private let bytes: [UInt8]
  private let frameBytes: Int
  let count: Int
  /// Tokens in each.
  let batch: Int

  init(_ table: LiveTable, frames: Int, batch: Int, seed: UInt64) throws(BenchError) {
    let signer = TokenSigner(table.keyset)
    var draw = RandomNumbers(seed: seed)
    var output = WireWriter()
    for _ in 0..<frames {
      let texts = (0..<batch).map { _ in
        Self.text(table.ids[draw.below(table.ids.count)], signer)
      }
      do throws(WireFault) {
        try output.request(ValidateRequest(form: .verdict, tokens: texts), requestId: 1)
      } catch {
        throw .usage("--batch \(batch) does not fit into a frame")
      }
    }
    bytes = output.contents
    self.batch = batch
    count = frames
    frameBytes = bytes.count / frames
  }

  private static func text(_ id: TokenID, _ signer: borrowing TokenSigner) -> [UInt8] {
    let keyID = signer.primaryKeyID
    let block = Block128(word0: id.word0, word1: id.word1)
    guard let tag = signer.sign(kind: TokenKind.accessToken.macByte, keyID: keyID, id: block)
    else { preconditionFailure("the primary key signs") }
    return TokenText.bytes(
      ParsedToken(
        kind: .accessToken, keyID: keyID, idWord0: id.word0, idWord1: id.word1,
        tagWord0: tag.word0, tagWord1: tag.word1))
  }

  /// Answers the frame at a place of the ring; throws when one of its tokens is not valid.
  @inline(__always)
  func answer(
    _ place: Int, with validation: inout FrameValidation
  ) throws(BenchError) {
    let all = unsafe bytes.span.bytes
    let frame = all.extracting(place * frameBytes..<(place + 1) * frameBytes)
    let valid: Int
    do throws(WireFault) {
      valid = try validation.answer(frame)
    } catch {
      throw .wrong("a VALIDATE frame was refused: \(error)")
    }
    if valid != batch { throw .wrong("\(batch - valid) of \(batch) live tokens are not valid") }
  }
}
