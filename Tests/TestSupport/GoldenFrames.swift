/// The request frames of `proto-spec/vectors`.
public struct GoldenFrame: Sendable, CustomStringConvertible {
  public let name: String
  public let opcode: UInt16
  public let bytes: [UInt8]
  /// The status that it has to be refused with; nil = it is good.
  public let fault: String?

  public var description: String { name }
  public var body: [UInt8] { Array(bytes.dropFirst(16)) }

  /// Every request of `messages.json`; all of them are good.
  public static let requests = read("messages")

  /// Every request of `bodies.json`: good tails and bad bodies.
  public static let bodies = read("bodies")

  /// The typical request of each operation.
  public static let typical: [UInt16: GoldenFrame] = Dictionary(
    uniqueKeysWithValues: requests.filter { $0.name.hasSuffix(".request.typical") }
      .map { ($0.opcode, $0) })

  private static func read(_ name: String) -> [GoldenFrame] {
    let file = ProtocolSchema.json("proto-spec/vectors/\(name).json") as? [String: Any]
    let vectors = file?["vectors"] as? [[String: Any]] ?? []
    return vectors.compactMap { vector in
      guard vector["direction"] as? String == "request" else { return nil }
      return GoldenFrame(
        name: vector["name"] as? String ?? "", opcode: UInt16(vector["opcode"] as? Int ?? 0),
        bytes: hexBytes(vector["hex"] as? String ?? ""), fault: vector["fault"] as? String)
    }
  }
}
