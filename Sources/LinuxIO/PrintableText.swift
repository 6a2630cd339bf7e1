/// Text as people may see it on a terminal or in a log. Names come from strangers and from other
/// people's disks: they must not move the cursor, forge a line or look like another name.
public enum PrintableText {
  /// Whether a scalar changes what a terminal or a reader sees around it: controls, line
  /// separators, marks that turn the writing direction, and what takes no room.
  public static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }

  /// The text with every unsafe scalar written as `\u{202e}`.
  public static func escaped(_ text: String) -> String {
    var clean = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        clean += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        clean.unicodeScalars.append(scalar)
      }
    }
    return clean
  }

  /// The text without its unsafe scalars, for where nothing can stand in their place.
  public static func removingUnsafe(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var clean = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where !isUnsafe(scalar) {
      clean.append(scalar)
    }
    return Array(String(clean).utf8)
  }

  /// What somebody wrote, for an error: at most 64 characters in quotes, unsafe ones escaped.
  public static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let shown = escaped(String(String.UnicodeScalarView(scalars.prefix(64))))
    return scalars.count > 64 ? "\"\(shown)...\"" : "\"\(shown)\""
  }
}
