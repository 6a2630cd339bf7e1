/// A walk through one request body along the schema: whether it is well formed, and where its
/// lengths and counts lie.
public struct BodyWalk: Sendable {
  /// A length or count of two bytes inside the body.
  public struct Length: Sendable {
    public enum Kind: Sendable { case text, bytes, group, list }
    public let kind: Kind
    public let name: String
    /// Of its first byte in the body.
    public let offset: Int
  }

  /// Why the body is MALFORMED; nil = it is well formed.
  public private(set) var fault: String?
  /// In the order met, up to the fault.
  public private(set) var lengths: [Length] = []
  /// Elements of the list that has most of them.
  public private(set) var longestList = 0

  private let schema: ProtocolSchema
  private let body: [UInt8]
  private var offset = 0
  private struct Stop: Error { let reason: String }

  public init(_ body: [UInt8], of operation: ProtocolSchema.Operation) {
    schema = .shared
    self.body = body
    do {
      try walk(operation.request, end: body.count)
    } catch let stop as Stop {
      fault = stop.reason
    } catch {
      fault = "\(error)"
    }
  }

  private mutating func walk(_ fields: [ProtocolSchema.Field], end: Int) throws {
    for field in fields { try walk(field, field.type, end: end) }
  }

  private mutating func walk(_ field: ProtocolSchema.Field, _ type: String, end: Int) throws {
    switch type {
    case "u8": try judge(take(1, end, field.name), field)
    case "u16": try judge(take(2, end, field.name), field)
    case "u32": try judge(take(4, end, field.name), field)
    case "u64": try judge(take(8, end, field.name), field)
    case "b16": _ = try (take(8, end, field.name), take(8, end, field.name))
    case "bool":
      if try take(1, end, field.name) > 1 { throw Stop(reason: "\(field.name) is no bool") }
    case "text": try walkText(field, end)
    case "bytes": _ = try span(.bytes, field, end)
    default: try walkCompound(field, type, end)
    }
  }

  private mutating func walkText(_ field: ProtocolSchema.Field, _ end: Int) throws {
    let range = try span(.text, field, end)
    guard String(validating: body[range], as: UTF8.self) != nil else {
      throw Stop(reason: "\(field.name) is not UTF-8")
    }
  }

  private mutating func walkCompound(
    _ field: ProtocolSchema.Field, _ type: String, _ end: Int
  ) throws {
    if type.hasPrefix("list<") {
      let element = String(type.dropFirst(5).dropLast())
      lengths.append(Length(kind: .list, name: field.name, offset: offset))
      let count = Int(try take(2, end, field.name))
      guard field.counts.contains(count) else {
        throw Stop(reason: "\(field.name) has \(count) elements")
      }
      longestList = max(longestList, count)
      for _ in 0..<count { try walk(Self.element(field), element, end: end) }
    } else if let fields = schema.groups[type] {
      let range = try span(.group, field, end)
      offset = range.lowerBound
      try walk(fields, end: range.upperBound)
      offset = range.upperBound
    } else {
      throw Stop(reason: "the schema has no type \(type)")
    }
  }

  /// An element is bound by nothing that is said of its list.
  private static func element(_ field: ProtocolSchema.Field) -> ProtocolSchema.Field {
    ProtocolSchema.Field(
      name: field.name, type: field.type, allowed: nil, allowedBits: nil, least: 0,
      counts: 0...65_535, mostBytes: 65_535)
  }

  /// A length and the bytes after it, which are skipped.
  private mutating func span(
    _ kind: Length.Kind, _ field: ProtocolSchema.Field, _ end: Int
  ) throws -> Range<Int> {
    lengths.append(Length(kind: kind, name: field.name, offset: offset))
    let count = Int(try take(2, end, field.name))
    guard count <= end - offset, count <= field.mostBytes else {
      throw Stop(reason: "\(field.name) has \(count) bytes")
    }
    defer { offset += count }
    return offset..<offset + count
  }

  private mutating func take(_ count: Int, _ end: Int, _ name: String) throws -> UInt64 {
    guard offset + count <= end else { throw Stop(reason: "the body ends before \(name)") }
    defer { offset += count }
    return number(body[...], at: offset, count)
  }

  private func judge(_ value: UInt64, _ field: ProtocolSchema.Field) throws {
    let isAllowed = field.allowed?.contains(value) ?? true
    let isClean = value & ~(field.allowedBits ?? .max) == 0
    if !isAllowed || !isClean || value < field.least {
      throw Stop(reason: "\(field.name) is \(value)")
    }
  }
}
