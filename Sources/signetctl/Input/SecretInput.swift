internal import LinuxIO

/// Secrets, tokens, codes and tickets from outside: written out, `-` for standard input, `@FILE`
/// for a file. What stands in an argument can be seen by everybody in the list of processes.
final class SecretInput {
  private let console: Console
  private var inputIsTaken = false
  static let limitBytes = 1 << 20

  init(_ console: Console) { self.console = console }

  /// The text, without one line end at its end.
  func read(_ value: String, _ what: String) throws(CommandError) -> [UInt8] {
    var bytes = try raw(value, what)
    if bytes.last == 0x0A { bytes.removeLast() }
    if bytes.last == 0x0D { bytes.removeLast() }
    if bytes.isEmpty && value.utf8.first != nil {
      throw .input("\(what): \(Self.source(value)) is empty")
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .input("\(what): \(Self.source(value)) is not UTF-8 text")
    }
    return bytes
  }

  /// One text a line; lines without text are left out.
  func lines(_ value: String, _ what: String) throws(CommandError) -> [[UInt8]] {
    if !Self.isIndirect(value) { return [Array(value.utf8)] }
    return try raw(value, what).split(separator: 0x0A).map { line in
      line.last == 0x0D ? Array(line.dropLast()) : Array(line)
    }.filter { !$0.isEmpty }
  }

  static func isIndirect(_ value: String) -> Bool {
    value == "-" || value.utf8.first == UInt8(ascii: "@")
  }

  private func raw(_ value: String, _ what: String) throws(CommandError) -> [UInt8] {
    if value == "-" {
      if inputIsTaken {
        throw .usage("standard input can be read once", hint: "give \(what) as @FILE")
      }
      inputIsTaken = true
      do {
        return try console.readInput(Self.limitBytes)
      } catch {
        throw .input("\(what): standard input: \(error)")
      }
    }
    guard value.utf8.first == UInt8(ascii: "@") else { return Array(value.utf8) }
    do {
      return try File.readWhole(
        path: String(value.dropFirst()), limitBytes: Self.limitBytes, followingLinks: true)
    } catch {
      throw .input("\(what): \(error)")
    }
  }

  private static func source(_ value: String) -> String {
    value == "-" ? "standard input" : isIndirect(value) ? String(value.dropFirst()) : "the value"
  }
}
