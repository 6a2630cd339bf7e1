/// Whether a scalar can change what a terminal or a reader sees around it: controls, separators,
/// and the marks that turn the writing direction.
func isUnsafeToShow(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0...0x1F, 0x7F...0x9F: true
  case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
  default: false
  }
}

/// Text from the service as a person may see it: names are chosen by strangers, and must not move
/// the cursor or forge a line.
func printable(_ bytes: [UInt8]) -> String {
  var clean = ""
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    clean.unicodeScalars.append(isUnsafeToShow(scalar) ? "\u{FFFD}" : scalar)
  }
  return clean
}

func printable(_ text: String) -> String { printable(Array(text.utf8)) }

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
