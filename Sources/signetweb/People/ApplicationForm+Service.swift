internal import SignetClient
internal import TokenWire

extension ApplicationForm {
  /// What a person sent.
  init(_ posted: PostedForm) throws(PageStop) {
    self.init()
    name = Self.trimmed(try posted.text(Field.name.name))
    description = Self.plainLines(try posted.text(Field.description.name))
    homepage = Self.trimmed(try posted.text(Field.homepage.name))
    iconURL = Self.trimmed(try posted.text(Field.iconURL.name))
    callbacks = Self.plainLines(try posted.text(Field.callbacks.name))
    isTrusted = try posted.text(Field.isTrusted.name) == Self.yes.bytes
    isPublic = try posted.text(Field.clientType.name) == Self.publicClient.bytes
  }

  /// Browsers send CR LF where a line ends; the service takes LF.
  private static func plainLines(_ text: [UInt8]) -> [UInt8] {
    trimmed(text.filter { $0 != 0x0D })
  }

  /// What the service is asked to store. `app` is what it has: what no field of the form is about
  /// stays. Nil: a new application.
  func fields(of app: AppEntry?, mayTrust: Bool = true) -> AppFields {
    AppFields(
      name: name, description: description, homepage: homepage, iconUrl: iconURL,
      callbacks: callbackLines, trusted: mayTrust ? isTrusted : app?.trusted ?? isTrusted,
      isPublic: isPublic, grants: app?.grants ?? 0, audiences: app?.audiences ?? [],
      scopes: app?.scopes ?? [])
  }

  /// Puts the service's refusal of a field beside that field of the form. False where it is none.
  mutating func note(_ fault: ServiceFault) -> Bool {
    guard let refusal = fault.fieldRefusal else { return false }
    switch refusal.field {
    case "fields.name": note(.name, refusal.sentence)
    case "fields.description": note(.description, refusal.sentence)
    case "fields.homepage": note(.homepage, refusal.sentence)
    case "fields.iconUrl": note(.iconURL, refusal.sentence)
    case "fields.isPublic": note(.clientType, refusal.sentence)
    case "fields.callbacks": note(.callbacks, refusal.sentence)
    default:
      guard let index = refusal.index(in: "fields.callbacks") else { return false }
      noteCallback(index, refusal.sentence)
    }
    return true
  }

  private mutating func noteCallback(_ index: Int, _ sentence: [UInt8]) {
    let lines = callbackLines
    guard lines.indices.contains(index) else { return note(.callbacks, sentence) }
    note(.callbacks, lines[index] + Array(": ".utf8) + sentence)
  }
}
