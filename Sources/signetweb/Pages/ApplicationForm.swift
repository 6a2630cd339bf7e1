internal import TokenWire

/// What stands in the form of an application: as typed, with what is wrong. It comes back whole
/// until the service takes it.
struct ApplicationForm {
  /// The fields of the documentation's form. The raw value is the name in the form.
  enum Field: CaseIterable {
    case name
    case description
    case homepage
    case iconURL
    case callbacks
    case isTrusted
    case clientType

    var name: StaticString {
      switch self {
      case .name: "name"
      case .description: "description"
      case .homepage: "homepage"
      case .iconURL: "icon_url"
      case .callbacks: "callbacks"
      case .isTrusted: "is_trusted"
      case .clientType: "client_type"
      }
    }
  }

  static let yes: StaticString = "true"
  static let confidential: StaticString = "confidential"
  static let publicClient: StaticString = "public"

  var name: [UInt8] = []
  var description: [UInt8] = []
  var homepage: [UInt8] = []
  var iconURL: [UInt8] = []
  /// One a line.
  var callbacks: [UInt8] = []
  var isTrusted = false
  var isPublic = false
  private(set) var problems: [Field: [UInt8]] = [:]

  init() {}

  /// A registered application, to be edited.
  init(_ app: AppEntry) {
    name = app.name
    description = app.description
    homepage = app.homepage
    iconURL = app.iconUrl
    callbacks = Array(app.callbacks.joined(separator: [0x0A]))
    isTrusted = app.trusted
    isPublic = app.isPublic
  }

  /// The callbacks: each line without the blanks around it; empty lines are none.
  var callbackLines: [[UInt8]] {
    callbacks.split { $0 == 0x0A || $0 == 0x0D }.compactMap { line in
      let text = Self.trimmed(Array(line))
      return text.isEmpty ? nil : text
    }
  }

  /// The first problem of a field stays: it is the one to solve first.
  mutating func note(_ field: Field, _ problem: [UInt8]) {
    if problems[field] == nil { problems[field] = problem }
  }

  mutating func note(_ field: Field, _ problem: StaticString) {
    note(field, problem.bytes)
  }

  /// Finds everything that is missing at once; the service names one fault at a time. Whether an
  /// application that exists may do without a homepage is for the service to say.
  mutating func noteMissing(isNew: Bool) {
    if name.isEmpty { note(.name, "enter a name for people to see") }
    if isNew {
      if description.isEmpty {
        note(.description, "say in a sentence what the application does")
      }
      if homepage.isEmpty { note(.homepage, "enter the address of the application's homepage") }
    }
    let count = callbackLines.count
    if count == 0 { note(.callbacks, "enter at least one callback URL") }
    // More would be a malformed request, not one that the service answers field by field.
    if count > WireLimits.callbacksStructural {
      note(.callbacks, "enter 16 callback URLs at most")
    }
  }

  /// Without the blanks around it.
  static func trimmed(_ text: [UInt8]) -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(text[first...last])
  }
}
