/// The syntax of a `resource` parameter (RFC 8707 2): an absolute URI without a fragment.
public enum ResourceURI {
  /// 1 to 512 bytes: a scheme, a colon, something after it, and RFC 3986 characters only.
  public static func isWellFormed(_ uri: [UInt8]) -> Bool {
    guard uri.count <= Limits.audienceMaxBytes, let colon = uri.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let scheme = uri[..<colon]
    guard let first = scheme.first, isLetter(first), scheme.allSatisfy(isSchemeByte) else {
      return false
    }
    let rest = uri[(colon + 1)...]
    return !rest.isEmpty && rest.allSatisfy(isURIByte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Any character that RFC 3986 allows in some place, but no `#`: that would start a fragment.
  private static func isURIByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
      UInt8(ascii: "|"), UInt8(ascii: "}"):
      false
    default: (0x21...0x7E).contains(byte)
    }
  }
}

extension ServiceState {
  /// F45: empty means none was named.
  func requireResource(_ resource: [UInt8], field: String = "resource") throws(Refusal) {
    guard resource.isEmpty || ResourceURI.isWellFormed(resource) else {
      throw Refusal(
        .invalidTarget, field: field,
        "\(field) must be an absolute URI without a fragment, at most"
          + " \(Limits.audienceMaxBytes) bytes")
    }
  }
}
