/// What was done, told to the page that a 303 leads to. A word out of this list and nothing else
/// gets from an address onto a page.
enum DoneNote: CaseIterable {
  case registered
  case registeredUntrusted
  case saved
  case savedTrustRemoved
  case deleted
  case secretRegenerated
  case secretMadeBefore
  case revoked
  case settingsSaved

  var word: StaticString {
    switch self {
    case .registered: "registered"
    case .registeredUntrusted: "registered-untrusted"
    case .saved: "saved"
    case .savedTrustRemoved: "saved-trust-removed"
    case .deleted: "deleted"
    case .secretRegenerated: "secret"
    case .secretMadeBefore: "secret-before"
    case .revoked: "revoked"
    case .settingsSaved: "settings-saved"
    }
  }

  var notice: Notice {
    switch self {
    case .registered: .done("The application is registered.")
    case .registeredUntrusted:
      .done(
        "The application is registered. It is not trusted: only system administrators set that.")
    case .saved: .done("Saved.")
    case .savedTrustRemoved:
      .done(
        """
        Saved. The application is no longer trusted, because its name, homepage, icon or callbacks \
        changed; a system administrator can trust it again.
        """)
    case .deleted: .done("The application is deleted.")
    case .secretRegenerated: .done("The client secret is regenerated; the old one fails now.")
    case .secretMadeBefore:
      .problem(
        """
        Nothing was done: this form was sent before. The secret that it made was shown then, or \
        another was made since. If you have not got the present one, regenerate it.
        """)
    case .revoked: .done("Revoked: the application has no access to your account any more.")
    case .settingsSaved: .done("Saved. It is in force now.")
    }
  }

  /// What the address says, if anything.
  static func notice(_ request: WebRequest, _ person: Person) throws(PageStop) -> Notice? {
    let word = try request.parameter("done", person)
    return allCases.first { $0.word.bytes == word }?.notice
  }
}
