import Testing

@testable import TokenCore

@Suite("Registering applications")
struct ApplicationsRegistrationTests {
  private func registered(
    _ fixture: Fixture, _ operation: Operation
  ) -> (app: ClientApplication, notes: ApplicationNotes)? {
    guard case .registered(let clientID, _, let notes) = fixture.commit(operation),
      let app = fixture.app(clientID)
    else { return nil }
    return (app, notes)
  }

  @Test func F1_aFreshServiceIsOffAndRegistersNothing() {
    let fixture = Fixture(isOn: false)
    #expect(fixture.settings == Settings())
    #expect(!fixture.settings.isProviderEnabled)
    #expect(fixture.reason(fixture.registration(by: fixture.admin)) == .providerOff)
    #expect(fixture.reason(fixture.registration(by: .localAdministration)) == .providerOff)
  }

  @Test func F1_offReadingAndDeletingWorkAndChangingDoesNot() {
    let fixture = Fixture()
    let clientID = fixture.register(by: fixture.alice)
    fixture.set { $0.isProviderEnabled = false }
    #expect(fixture.reason(fixture.update(clientID, by: fixture.admin)) == .providerOff)
    #expect(fixture.reason(.getApp(fixture.alice, clientID: clientID)) == nil)
    #expect(fixture.reason(.appInfo(fixture.bob, clientID: clientID)) == nil)
    let page = Page(cursor: 0, maxBytes: 60_000)
    #expect(fixture.reason(.listApps(fixture.alice, all: false, page)) == nil)
    let digest = Fixture.digest("new")
    #expect(fixture.reason(.regenerateSecret(fixture.admin, clientID: clientID, digest)) == nil)
    #expect(fixture.reason(.deleteApp(fixture.alice, clientID: clientID)) == nil)
  }

  @Test func F2_onlyAdministratorsRegisterUnlessTheSettingIsOff() {
    let fixture = Fixture()
    #expect(fixture.settings.restrictsIntegrationsToAdmins)
    #expect(fixture.reason(fixture.registration(by: fixture.alice)) == .forbidden)
    #expect(fixture.reason(fixture.registration(by: fixture.admin)) == nil)
    #expect(fixture.reason(fixture.registration(by: .localAdministration)) == nil)
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    #expect(fixture.reason(fixture.registration(by: fixture.alice)) == nil)
  }

  @Test("one person fills no table: at the limit only that person is refused, and a deletion helps")
  func limitOfOnePerson() {
    var sizes = TableSizes.small
    sizes.apps = 3 * Limits.appsPerCreator
    let fixture = Fixture(sizes: sizes)
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let first = fixture.register(by: fixture.alice)
    for _ in 1..<Limits.appsPerCreator {
      #expect(fixture.reason(fixture.registration(by: fixture.alice)) == nil)
    }
    let refusal = fixture.refusal(fixture.registration(by: fixture.alice))
    #expect(refusal?.reason == .limitReached && refusal?.field == "acting.user")
    #expect(fixture.reason(fixture.registration(by: fixture.bob)) == nil)
    for _ in 0...Limits.appsPerCreator {
      #expect(fixture.reason(fixture.registration(by: fixture.admin)) == nil)
    }
    #expect(fixture.reason(.deleteApp(fixture.alice, clientID: first)) == nil)
    #expect(fixture.reason(fixture.registration(by: fixture.alice)) == nil)
  }

  @Test func F4_F11_whatWasRegisteredIsStored() {
    let fixture = Fixture()
    let callbacks = ["https://a.example/cb", "http://b.example/cb?x=1"]
    let fields = Fixture.fields(callbacks: callbacks)
    let result = registered(fixture, fixture.registration(fields, by: fixture.admin))
    var expected = fields
    expected.grantTypes = .standard
    #expect(result?.app.fields == expected)
    #expect(result?.notes == [])
    #expect(result?.app.clientID.count == 26)
    #expect(result?.app.secretDigest == Fixture.digest("secret"))
    #expect(result?.app.revision == 1)
    #expect(result?.app.createdAtMillis == fixture.nowMillis)
    #expect(result?.app.creatorSlot == fixture.userSlot("admin"))
    #expect(fixture.rebuilt() == [])
  }

  @Test func F5_onlyAnAdministratorsTrustCounts() {
    let fixture = Fixture()
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let trusted = Fixture.fields(isTrusted: true)
    let byAlice = registered(fixture, fixture.registration(trusted, by: fixture.alice))
    #expect(byAlice?.app.fields.isTrusted == false)
    #expect(byAlice?.notes == .trustIgnored)
    let byAdmin = registered(fixture, fixture.registration(trusted, by: fixture.admin))
    #expect(byAdmin?.app.fields.isTrusted == true)
    #expect(byAdmin?.notes == [])
  }

  @Test func F30_grantTypesScopesAndAudiencesAreAnAdministrators() {
    let fixture = Fixture()
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let fields = Fixture.fields(
      grantTypes: .all, audiences: ["https://api.example"], scopes: "write read")
    let byAlice = registered(fixture, fixture.registration(fields, by: fixture.alice))
    #expect(byAlice?.app.fields.grantTypes == .standard)
    #expect(byAlice?.app.fields.audiences == [])
    #expect(byAlice?.app.fields.scopes == [])
    #expect(byAlice?.notes == .grantsKept)
    let byAdmin = registered(fixture, fixture.registration(fields, by: fixture.admin))
    #expect(byAdmin?.app.fields.grantTypes == .all)
    #expect(byAdmin?.app.fields.audiences == fields.audiences)
    #expect(byAdmin?.app.fields.scopes == Array("read write".utf8))
    #expect(byAdmin?.notes == [])
  }

  @Test func F30_aPersonMayAskForLessThanTheStandardGrants() {
    let fixture = Fixture()
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    let codeOnly = Fixture.fields(grantTypes: .authorizationCode)
    let result = registered(fixture, fixture.registration(codeOnly, by: fixture.alice))
    #expect(result?.app.fields.grantTypes == .authorizationCode)
    #expect(result?.notes == [])
    let clientOnly = Fixture.fields(grantTypes: .clientCredentials)
    let other = registered(fixture, fixture.registration(clientOnly, by: fixture.alice))
    #expect(other?.app.fields.grantTypes == .standard)
    #expect(other?.notes == .grantsKept)
  }

  @Test func F41_aPublicClientHasNoSecret() {
    let fixture = Fixture()
    let fields = Fixture.fields(isPublic: true)
    let result = registered(fixture, fixture.registration(fields, by: fixture.admin))
    #expect(result?.app.secretDigest == SecretDigest.none)
    #expect(result?.app.fields.isPublic == true)
  }

  @Test func localAdministrationLeavesNoCreatorOrTheOneItNames() {
    let fixture = Fixture()
    let local = registered(fixture, fixture.registration(by: .localAdministration))
    #expect(local?.app.creatorSlot == 0)
    let named = Person(user: Array("carol".utf8), isSystemAdmin: false, login: .local)
    let carols = registered(fixture, fixture.registration(by: named))
    #expect(carols?.app.creatorSlot == fixture.userSlot("carol"))
  }

  @Test func F36_F38_whoMayNotActRegistersNothing() {
    let fixture = Fixture()
    var person = fixture.admin
    person.login = .oauthToken
    #expect(fixture.reason(fixture.registration(by: person)) == .personLoginRefused)
    person.login = .session
    person.user = []
    #expect(fixture.reason(fixture.registration(by: person)) == .invalidField)
    fixture.commit(.disableUser(fixture.admin.user))
    #expect(fixture.reason(fixture.registration(by: fixture.admin)) == .userDisabled)
  }

  @Test func aFullTableIsSaidToBeFull() {
    var sizes = TableSizes.small
    sizes.apps = 2
    let fixture = Fixture(sizes: sizes)
    fixture.register()
    fixture.register()
    #expect(fixture.reason(fixture.registration(by: fixture.admin)) == .limitReached)
    #expect(fixture.rebuilt() == [])
  }
}
