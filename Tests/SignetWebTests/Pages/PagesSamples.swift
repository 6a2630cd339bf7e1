import TokenWire

@testable import signetweb

/// Every page, with a text of the test's choice wherever the page shows what came from outside.
struct PagesSamples {
  static let ann = Person(userID: bytes("ann"), isSystemAdmin: false)
  static let root = Person(userID: bytes("root"), isSystemAdmin: true)

  let outside: String
  var person = root

  /// A space would make two scopes of it.
  private var scope: String { outside.replacing(" ", with: "_") }

  func entry(isPublic: Bool = false) -> AppEntry {
    AppEntry(
      clientId: bytes("abcdefghijklmnopqrstuvwxyz"), creator: bytes(outside),
      name: bytes(outside), description: bytes(outside), homepage: bytes("https://h/" + outside),
      iconUrl: bytes("https://icons.example/" + outside),
      callbacks: [bytes("https://a.example/" + outside), bytes("https://b.example/")],
      trusted: true, isPublic: isPublic, dynamicallyRegistered: true, grants: 3,
      audiences: [bytes(outside)], scopes: bytes(outside), revision: 7, createdAt: 1,
      updatedAt: 86_400_000)
  }

  var info: AppInfo {
    AppInfo(
      clientId: bytes(outside), name: bytes(outside), description: bytes(outside),
      homepage: bytes("https://h/" + outside), iconUrl: bytes("https://i.example/" + outside),
      trusted: false, isPublic: true)
  }

  var form: ApplicationForm {
    var form = ApplicationForm(entry())
    for field in ApplicationForm.Field.allCases { form.note(field, bytes(outside)) }
    return form
  }

  var system: SystemForm {
    var form = SystemForm(values: SystemForm.switches.map { _ in bytes(outside) })
    for index in form.values.indices { form.note(index, bytes(outside)) }
    return form
  }

  typealias Sample = (name: String, page: Page)

  private var token: [UInt8] { bytes("TOKEN") }
  private var notice: Notice { Notice(kind: .problem, text: bytes(outside)) }

  var all: [Sample] { forEverybody + ofApplications }

  private var forEverybody: [Sample] {
    [
      (
        "consent",
        ConsentPage(
          person: person, app: info, callbackHost: bytes(outside),
          redirectURI: bytes("https://c.example/"), scopes: bytes("user \(scope)"),
          newScopes: bytes(scope), ticket: bytes("TICKET"), token: token
        ).page
      ),
      (
        "message",
        MessagePage(
          title: "Message", status: 400, person: person, text: bytes(outside), remedy: "Do this."
        ).page
      ),
      (
        "authorized",
        AuthorizedPage(
          person: person, entries: [.init(app: authorized, token: token)], nextCursor: 5,
          notice: notice
        ).page
      ),
      (
        "system",
        SystemPage(
          person: person, form: system,
          settings: [SettingEntry(name: bytes("issuer"), value: bytes(outside))], token: token,
          notice: notice
        ).page
      ),
    ]
  }

  private var ofApplications: [Sample] {
    [
      (
        "list",
        ApplicationListPage(
          person: person, apps: [entry()], filter: bytes(outside), nextCursor: 9, notice: notice
        ).page
      ),
      ("new", ApplicationFormPage(person: person, form: form, token: token).page),
      (
        "edit",
        ApplicationFormPage(
          person: person, form: form, token: token, clientID: bytes(outside), revision: 7,
          notice: notice
        ).page
      ),
      (
        "application",
        ApplicationPage(
          person: person, app: entry(), secret: bytes(outside), notice: notice
        ).page
      ),
      (
        "delete",
        ConfirmationPage(
          act: .delete, person: person, app: entry(), token: token, notice: notice
        ).page
      ),
      (
        "secret",
        ConfirmationPage(
          act: .regenerateSecret, person: person, app: entry(), token: token
        ).page
      ),
    ]
  }

  private var authorized: AuthorizedApp {
    AuthorizedApp(app: info, scope: bytes("user \(scope)"), firstAuthorizedAt: 1, grants: 0)
  }
}
