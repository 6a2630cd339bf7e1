import Foundation

/// The protocol as `proto-spec/schema.json` tells it: a second decoder for every request, which
/// shares no code with the product's. It judges structure, as the contract does: what a text says
/// is not its business.
public final class ProtocolSchema: Sendable {
  /// One field of a body or group.
  public struct Field: Sendable {
    public let name: String
    public let type: String
    /// Values that a v1 decoder takes, where it has to refuse others.
    public let allowed: Set<UInt64>?
    /// Bits that a v1 decoder takes, where it has to refuse others.
    public let allowedBits: UInt64?
    public let least: UInt64
    public let counts: ClosedRange<Int>
    public let mostBytes: Int
  }

  public struct Operation: Sendable {
    public let opcode: UInt16
    public let name: String
    /// Bits of the rights of which one is enough; 0 = everybody may.
    public let rights: UInt32
    public let isMutation: Bool
    public let isLane: Bool
    /// The cells of the matrix of acting persons by column; nil where nobody acts.
    public let acting: [String: String]?
    public let request: [Field]
  }

  public let operations: [Operation]
  public let byOpcode: [UInt16: Operation]
  public let groups: [String: [Field]]
  /// The name of every status by its code.
  public let statusNames: [UInt16: String]
  /// The bit of every right by its name.
  public let rightBits: [String: UInt32]

  public static let shared = ProtocolSchema()

  private init() {
    let root = Self.json("proto-spec/schema.json") as? [String: Any] ?? [:]
    let rights = root["rights"] as? [[String: Any]] ?? []
    var bits: [String: UInt32] = [:]
    for right in rights { bits[Self.text(right, "name")] = UInt32(Self.int(right, "bit") ?? 0) }
    rightBits = bits
    operations = (root["operations"] as? [[String: Any]] ?? []).map { Self.operation($0, bits) }
    byOpcode = Dictionary(uniqueKeysWithValues: operations.map { ($0.opcode, $0) })
    groups = Dictionary(
      uniqueKeysWithValues: (root["groups"] as? [[String: Any]] ?? []).map {
        (Self.text($0, "name"), Self.fields($0["fields"]))
      })
    statusNames = Dictionary(
      uniqueKeysWithValues: (root["statuses"] as? [[String: Any]] ?? []).map {
        (UInt16(Self.int($0, "code") ?? 0), Self.text($0, "name"))
      })
  }

  /// A JSON file of the repository.
  public static func json(_ path: String) -> Any? {
    guard let data = try? Data(contentsOf: repositoryFile(path)) else { return nil }
    return try? JSONSerialization.jsonObject(with: data)
  }

  private static func operation(_ entry: [String: Any], _ bits: [String: UInt32]) -> Operation {
    let names = entry["rights"] as? [String] ?? []
    return Operation(
      opcode: UInt16(int(entry, "opcode") ?? 0), name: text(entry, "name"),
      rights: names.reduce(0) { $0 | (bits[$1] ?? 0) },
      isMutation: entry["mutation"] as? Bool ?? false, isLane: text(entry, "lane") == "lane",
      acting: entry["acting"] as? [String: String], request: fields(entry["request"]))
  }

  private static func fields(_ list: Any?) -> [Field] {
    (list as? [[String: Any]] ?? []).map { entry in
      let isStrict = entry["strict"] as? Bool ?? false
      let values = (entry["enum"] as? [String: Any])?.keys.compactMap { UInt64($0) }
      let bits = (entry["bits"] as? [String: Any])?.keys.compactMap { UInt64($0) }
      let count = entry["count"] as? [Int] ?? [0, 65_535]
      return Field(
        name: text(entry, "name"), type: text(entry, "type"),
        allowed: isStrict ? values.map { Set($0) } : nil,
        allowedBits: isStrict ? bits.map { $0.reduce(0, |) } : nil,
        least: UInt64(int(entry, "min") ?? 0), counts: count[0]...count[1],
        mostBytes: int(entry, "maxBytes") ?? 65_535)
    }
  }

  private static func text(_ entry: [String: Any], _ name: String) -> String {
    entry[name] as? String ?? ""
  }

  private static func int(_ entry: [String: Any], _ name: String) -> Int? { entry[name] as? Int }
}
