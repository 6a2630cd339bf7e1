/// A pattern of the dynamic registration allowlist (F43), matched for each component of a URL:
/// the scheme is equal, then host with port, path and query each match their part of the pattern.
/// `*` stands for any run of characters but `/`, `**` for any run at all. A pattern without a query
/// matches only URLs without one.
///
/// Dot segments (`/../`) are what a browser would resolve after the match, so a URL that has any,
/// percent-encoded or not, matches no pattern.
public struct AllowlistGlob: Equatable, Sendable {
  private let scheme: [UInt8]
  private let authority: [Step]
  private let path: [Step]
  private let query: [Step]?

  private enum Step: Equatable {
    case byte(UInt8)
    /// `*`
    case run
    /// `**`
    case anyRun
  }

  /// nil where the text is no pattern: no `scheme://`, no host, a character that URLs do not have,
  /// user information, or three stars in a row.
  public init?(_ text: [UInt8]) {
    guard let cut = URLCut(text), !cut.authority.isEmpty,
      !cut.authority.contains(UInt8(ascii: "@")), let authoritySteps = Self.steps(cut.authority),
      let pathSteps = Self.steps(cut.path)
    else { return nil }
    if let pattern = cut.query {
      guard let steps = Self.steps(pattern) else { return nil }
      query = steps
    } else {
      query = nil
    }
    scheme = Array(cut.scheme)
    self.authority = authoritySteps
    path = pathSteps
  }

  /// Whether every component of the URL matches. Time grows with the product of both lengths.
  public func matches(_ url: [UInt8]) -> Bool {
    guard let parts = URLParts(url), !Self.hasDotSegment(parts.path),
      parts.scheme.elementsEqual(scheme), Self.matches(authority, parts.authority),
      Self.matches(path, parts.path)
    else { return false }
    switch (query, parts.query) {
    case (nil, nil): return true
    case (let pattern?, let text?): return Self.matches(pattern, text)
    default: return false
    }
  }

  private static func steps(_ text: ArraySlice<UInt8>) -> [Step]? {
    var steps: [Step] = []
    for byte in text {
      guard byte == UInt8(ascii: "*") else {
        steps.append(.byte(byte))
        continue
      }
      switch steps.last {
      case .anyRun: return nil
      case .run: steps[steps.count - 1] = .anyRun
      default: steps.append(.run)
      }
    }
    return steps
  }

  /// Follows every way through the pattern at once, so no pattern takes long.
  private static func matches(_ steps: [Step], _ text: ArraySlice<UInt8>) -> Bool {
    var reached = [Bool](repeating: false, count: steps.count + 1)
    reached[0] = true
    skipRuns(steps, &reached)
    for byte in text {
      var next = [Bool](repeating: false, count: steps.count + 1)
      for (place, step) in steps.enumerated() where reached[place] {
        switch step {
        case .byte(let expected): if byte == expected { next[place + 1] = true }
        case .run: if byte != UInt8(ascii: "/") { next[place] = true }
        case .anyRun: next[place] = true
        }
      }
      skipRuns(steps, &next)
      reached = next
    }
    return reached[steps.count]
  }

  /// A run may be empty.
  private static func skipRuns(_ steps: [Step], _ reached: inout [Bool]) {
    for (place, step) in steps.enumerated() where reached[place] {
      if step == .run || step == .anyRun { reached[place + 1] = true }
    }
  }

  private static func hasDotSegment(_ path: ArraySlice<UInt8>) -> Bool {
    path.split(separator: UInt8(ascii: "/")).contains { segment in
      let decoded = withDotsDecoded(segment)
      return decoded == Array(".".utf8) || decoded == Array("..".utf8)
    }
  }

  private static func withDotsDecoded(_ segment: ArraySlice<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    var rest = segment
    while let byte = rest.first {
      let isDot = rest.prefix(3).map { URLRules.lowercase($0) } == Array("%2e".utf8)
      decoded.append(isDot ? UInt8(ascii: ".") : byte)
      rest = rest.dropFirst(isDot ? 3 : 1)
    }
    return decoded
  }
}
