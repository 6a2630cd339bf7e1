internal import LinuxIO

/// Text from the service as a person may see it: names are chosen by strangers.
func printable(_ bytes: [UInt8]) -> String {
  PrintableText.escaped(String(decoding: bytes, as: UTF8.self))
}

func printable(_ text: String) -> String { PrintableText.escaped(text) }

/// Columns that a terminal gives a text: two for the wide scripts, none for combining marks.
func columnCount(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + columnCount($1) }
}

private func columnCount(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}
