/// How much is logged; each level includes those before it.
enum WebLogLevel: Int, CaseIterable, Comparable, Sendable {
  case error, warning, info, debug

  var name: String { "\(self)" }

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
