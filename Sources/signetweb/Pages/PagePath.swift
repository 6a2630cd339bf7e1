/// A place among the pages for people. Foreign parts are percent-encoded, so a path cannot lead
/// out of the site.
struct PagePath {
  private(set) var bytes: [UInt8]

  init(_ path: StaticString) {
    bytes = path.bytes
    precondition(bytes.first == 0x2F && bytes.dropFirst().first != 0x2F, "a path of this site")
  }

  static let applications = PagePath("/console/applications")
  static let newApplication = PagePath("/console/applications/new")
  static let authorized = PagePath("/console/authorized")
  static let system = PagePath("/console/system")
  static let consent = PagePath("/oauth/consent")
  static let deauthorize = PagePath("/oauth/deauthorize")
  static let styleSheet = PagePath("/oauth/style.css")

  static func application(_ clientID: [UInt8]) -> PagePath {
    applications.appending(segment: clientID)
  }

  /// One more segment, whatever bytes it has.
  func appending(segment: [UInt8]) -> PagePath {
    var path = self
    path.bytes.append(0x2F)
    path.bytes += Self.encoded(segment)
    return path
  }

  func appending(segment: StaticString) -> PagePath { appending(segment: segment.bytes) }

  /// One more query parameter.
  func with(_ name: StaticString, _ value: [UInt8]) -> PagePath {
    var path = self
    path.bytes.append(bytes.contains(0x3F) ? 0x26 : 0x3F)
    path.bytes += name.bytes
    path.bytes.append(0x3D)
    path.bytes += Self.encoded(value)
    return path
  }

  func with(_ name: StaticString, _ value: StaticString) -> PagePath {
    with(name, value.bytes)
  }

  /// Percent-encoded but for the unreserved bytes of RFC 3986.
  private static func encoded(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var output: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: output.append(byte)
      default: output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return output
  }
}
