import Foundation

@testable import TokenWire

/// A JSON value whose texts are compared byte for byte. Numbers of a u64 are texts in the vectors.
indirect enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(Int64)
  case text([UInt8])
  case array([JSONValue])
  case object([String: JSONValue])

  /// The file at `path` under the repository's root, or nil if there is none.
  static func file(_ path: String) throws -> JSONValue? {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return JSONValue(try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
  }

  init(_ any: Any) {
    switch any {
    case let value as String: self = .text(Array(value.utf8))
    case let value as [Any]: self = .array(value.map { JSONValue($0) })
    case let value as [String: Any]: self = .object(value.mapValues { JSONValue($0) })
    case let value as NSNumber:
      let isBool = isJSONBool(value)
      self = isBool ? .bool(value.boolValue) : .number(value.int64Value)
    default: self = .null
    }
  }

  subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  var string: String? {
    guard case .text(let bytes) = self else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  var int: Int? {
    guard case .number(let value) = self else { return nil }
    return Int(value)
  }

  var isTrue: Bool { self == .bool(true) }

  var elements: [JSONValue] {
    guard case .array(let values) = self else { return [] }
    return values
  }

  /// The bytes of a hex text.
  var hex: [UInt8]? {
    guard case .text(let digits) = self, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
    }
  }
}

/// Foundation keeps bools and numbers in one class; their C type tells them apart.
private func isJSONBool(_ number: NSNumber) -> Bool {
  unsafe String(cString: number.objCType) == "c"
}

/// `value` as the vectors write it: see the table of JSON forms in the protocol's vectors.
func vectorForm(_ value: Any, field: String = "") -> JSONValue {
  // An empty array casts to any array type, so the static type has to tell.
  let isBytes = type(of: value) == [UInt8].self
  switch value {
  case let value as Bool: return .bool(value)
  case let value as UInt8: return .number(Int64(value))
  case let value as UInt16: return .number(Int64(value))
  case let value as UInt32: return .number(Int64(value))
  case let value as UInt64: return .text(Array(String(value).utf8))
  case let value as Bytes16: return .text(hexDigits(value.bytes))
  case let value as [UInt8] where isBytes:
    return .text(["echo", "ticket", "tokens"].contains(field) ? hexDigits(value) : value)
  case let value as ValidateReply:
    switch value {
    case .verdicts(let list):
      return .object(["form": .number(0), "verdicts": vectorForm(list, field: "verdicts")])
    case .identities(let list):
      return .object(["form": .number(1), "identities": vectorForm(list, field: "identities")])
    }
  case let value as [Any]: return .array(value.map { vectorForm($0, field: field) })
  case let value as any RawRepresentable<UInt8>: return .number(Int64(value.rawValue))
  default:
    var members: [String: JSONValue] = [:]
    for child in Mirror(reflecting: value).children {
      guard let label = child.label else { continue }
      members[label] = vectorForm(child.value, field: label)
    }
    return .object(members)
  }
}

func hexDigits(_ bytes: [UInt8]) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
}
