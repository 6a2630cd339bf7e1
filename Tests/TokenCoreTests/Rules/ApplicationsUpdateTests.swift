import Testing

@testable import TokenCore

@Suite("Changing applications")
struct ApplicationsUpdateTests {
  private func updated(
    _ fixture: Fixture, _ operation: Operation
  ) -> (app: ClientApplication, notes: ApplicationNotes)? {
    guard case .app(let description, let notes) = fixture.commit(operation) else { return nil }
    return (description.app, notes)
  }

  /// Non-administrators may integrate; alice has one application.
  private func open(
    _ fields: ApplicationFields = Fixture.fields()
  ) -> (fixture: Fixture, clientID: [UInt8]) {
    let fixture = Fixture()
    fixture.set { $0.restrictsIntegrationsToAdmins = false }
    return (fixture, fixture.register(fields, by: fixture.alice))
  }

  @Test func F27_whatIsImmutableStays() {
    let (fixture, clientID) = open()
    let before = fixture.app(clientID)
    fixture.wait(seconds: 5)
    let result = updated(fixture, fixture.update(clientID, by: fixture.alice) { $0.name = [0x41] })
    #expect(result?.app.fields.name == [0x41])
    #expect(result?.app.clientID == before?.clientID)
    #expect(result?.app.creatorSlot == before?.creatorSlot)
    #expect(result?.app.secretDigest == before?.secretDigest)
    #expect(result?.app.createdAtMillis == before?.createdAtMillis)
    #expect(result?.app.updatedAtMillis == fixture.nowMillis)
    #expect(result?.app.revision == 2)
    #expect(fixture.app(clientID) == result?.app)
    #expect(fixture.rebuilt() == [])
  }

  @Test func F27_F28_onlyCreatorAndAdministratorsManage() {
    let (fixture, clientID) = open()
    let digest = Fixture.digest("x")
    #expect(fixture.reason(fixture.update(clientID, by: fixture.bob)) == .forbidden)
    #expect(fixture.reason(.getApp(fixture.bob, clientID: clientID)) == .forbidden)
    #expect(fixture.reason(.deleteApp(fixture.bob, clientID: clientID)) == .forbidden)
    #expect(
      fixture.reason(.regenerateSecret(fixture.bob, clientID: clientID, digest)) == .forbidden)
    for person in [fixture.alice, fixture.admin, .localAdministration] {
      #expect(fixture.reason(fixture.update(clientID, by: person)) == nil)
      #expect(fixture.reason(.getApp(person, clientID: clientID)) == nil)
    }
    #expect(fixture.reason(.deleteApp(fixture.admin, clientID: clientID)) == nil)
  }

  @Test func anUnknownApplicationIsNotFound() {
    let (fixture, _) = open()
    for clientID in [[], Array("short".utf8), fixture.newClientID()] {
      #expect(fixture.reason(fixture.update(clientID, by: fixture.admin)) == .notFound)
      #expect(fixture.reason(.getApp(fixture.alice, clientID: clientID)) == .notFound)
      #expect(fixture.reason(.appInfo(fixture.alice, clientID: clientID)) == .notFound)
      #expect(fixture.reason(.deleteApp(fixture.alice, clientID: clientID)) == .notFound)
    }
  }

  @Test func F2_withTheSettingOnCreatorsMayReadAndDeleteOnly() {
    let (fixture, clientID) = open()
    fixture.set { $0.restrictsIntegrationsToAdmins = true }
    let digest = Fixture.digest("x")
    #expect(fixture.reason(fixture.update(clientID, by: fixture.alice)) == .forbidden)
    #expect(
      fixture.reason(.regenerateSecret(fixture.alice, clientID: clientID, digest)) == .forbidden)
    #expect(fixture.reason(.getApp(fixture.alice, clientID: clientID)) == nil)
    #expect(fixture.reason(.deleteApp(fixture.alice, clientID: clientID)) == nil)
  }

  @Test func aRevisionReadBeforeAnotherChangeIsAConflict() {
    let (fixture, clientID) = open()
    #expect(
      fixture.reason(fixture.update(clientID, by: fixture.alice, revision: 1) { $0.name = [0x41] })
        == nil)
    #expect(
      fixture.reason(fixture.update(clientID, by: fixture.admin, revision: 1) { $0.name = [0x42] })
        == .revisionConflict)
    #expect(fixture.app(clientID)?.fields.name == [0x41])
    #expect(fixture.reason(fixture.update(clientID, by: fixture.admin, revision: 2)) == nil)
    #expect(fixture.app(clientID)?.revision == 3)
  }

  @Test func F41_aClientStaysPublicOrConfidential() {
    let (fixture, clientID) = open()
    let refusal = fixture.refusal(
      fixture.update(clientID, by: fixture.admin) { $0.isPublic = true })
    #expect(refusal?.reason == .invalidField)
    #expect(refusal?.field == "isPublic")
  }

  static let looks: [@Sendable (inout ApplicationFields) -> Void] = [
    { $0.name = Array("Other".utf8) }, { $0.homepage = Array("https://other.example".utf8) },
    { $0.iconURL = [] }, { $0.callbacks.append(Array("https://other.example/cb".utf8)) },
  ]

  @Test(arguments: looks.indices)
  func F5_trustIsRemovedWhenSomebodyElseChangesWhatWasTrusted(index: Int) {
    let (fixture, clientID) = open(Fixture.fields(isTrusted: true))
    let change = Self.looks[index]
    let byAlice = updated(fixture, fixture.update(clientID, by: fixture.alice, change))
    #expect(byAlice?.app.fields.isTrusted == false)
    #expect(byAlice?.notes == .trustRemoved)
    let (other, otherID) = open(Fixture.fields(isTrusted: true))
    let byAdmin = updated(other, other.update(otherID, by: other.admin, change))
    #expect(byAdmin?.app.fields.isTrusted == true)
    #expect(byAdmin?.notes == [])
  }

  @Test func F5_trustStaysWhenOnlyTheDescriptionChanges() {
    let (fixture, clientID) = open(Fixture.fields(isTrusted: true))
    let result = updated(
      fixture, fixture.update(clientID, by: fixture.alice) { $0.description = [] })
    #expect(result?.app.fields.isTrusted == true)
    #expect(result?.notes == [])
  }

  @Test func F5_othersNeitherSetNorTakeTrust() {
    let (fixture, clientID) = open()
    let set = updated(fixture, fixture.update(clientID, by: fixture.alice) { $0.isTrusted = true })
    #expect(set?.app.fields.isTrusted == false)
    #expect(set?.notes == .trustIgnored)
    let given = updated(
      fixture, fixture.update(clientID, by: fixture.admin) { $0.isTrusted = true })
    #expect(given?.app.fields.isTrusted == true)
    let taken = updated(
      fixture, fixture.update(clientID, by: fixture.alice) { $0.isTrusted = false })
    #expect(taken?.app.fields.isTrusted == true)
    #expect(taken?.notes == .trustIgnored)
  }

  @Test func F30_whatAnAdministratorGrantedIsKept() {
    let fields = Fixture.fields(
      grantTypes: .all, audiences: ["https://api.example"], scopes: "read")
    let (fixture, clientID) = open(fields)
    let result = updated(
      fixture,
      fixture.update(clientID, by: fixture.alice) {
        $0.grantTypes = []
        $0.audiences = []
        $0.scopes = Array("read write".utf8)
      })
    #expect(result?.app.fields.grantTypes == .all)
    #expect(result?.app.fields.audiences == fields.audiences)
    #expect(result?.app.fields.scopes == fields.scopes)
    #expect(result?.notes == .grantsKept)
    let less = updated(
      fixture,
      fixture.update(clientID, by: fixture.alice) {
        $0.grantTypes = [.authorizationCode, .clientCredentials, .implicit]
      })
    #expect(less?.app.fields.grantTypes == [.authorizationCode, .clientCredentials, .implicit])
    #expect(less?.notes == [])
  }

  @Test func F27_tokensAndConsentsSurviveAnUpdate() {
    let (fixture, clientID) = open()
    let planted = fixture.plantGrant(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    fixture.commit(fixture.update(clientID, by: fixture.alice) { $0.name = [0x41] })
    #expect(fixture.isAlive(planted))
    #expect(fixture.hasConsent(user: "bob", clientID))
  }

  @Test func F12_F13_oldTokensSurviveSecretRegeneration() {
    let (fixture, clientID) = open()
    let planted = fixture.plantGrant(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    let code = fixture.plantCode(user: "bob", clientID)
    let new = Fixture.digest("new")
    #expect(fixture.commit(.regenerateSecret(fixture.alice, clientID: clientID, new)) == .done)
    #expect(fixture.app(clientID)?.secretDigest == new)
    #expect(fixture.app(clientID)?.secretDigest != Fixture.digest("secret"))
    #expect(fixture.isAlive(planted))
    #expect(fixture.isOpen(code: code))
    #expect(fixture.hasConsent(user: "bob", clientID))
    #expect(fixture.app(clientID)?.revision == 1, "an open consent page is not disturbed")
  }

  @Test func F41_aPublicClientHasNoSecretToRegenerate() {
    let (fixture, clientID) = open(Fixture.fields(isPublic: true))
    let digest = Fixture.digest("x")
    #expect(
      fixture.reason(.regenerateSecret(fixture.admin, clientID: clientID, digest)) == .publicClient)
    #expect(fixture.app(clientID)?.secretDigest == SecretDigest.none)
  }

  @Test func F28_deletionEndsTokensCodesAndConsentsAtOnce() {
    let (fixture, clientID) = open()
    let planted = fixture.plantGrant(user: "bob", clientID)
    let code = fixture.plantCode(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    let other = fixture.register(by: fixture.bob)
    let otherGrant = fixture.plantGrant(user: "bob", other)
    fixture.mayReclaim = false
    #expect(fixture.commit(.deleteApp(fixture.alice, clientID: clientID)) == .done)
    #expect(fixture.isDead(planted))
    #expect(!fixture.isOpen(code: code))
    #expect(fixture.app(clientID) == nil)
    #expect(fixture.isAlive(otherGrant))
    #expect(fixture.reason(.deleteApp(fixture.alice, clientID: clientID)) == .notFound)
    #expect(fixture.rebuilt() == [])
  }

  @Test func G7_aDeletedApplicationIsReclaimedAndItsSlotRevivesNothing() {
    var sizes = TableSizes.small
    sizes.apps = 1
    let fixture = Fixture(sizes: sizes)
    let clientID = fixture.register()
    let planted = fixture.plantGrant(user: "bob", clientID)
    fixture.plantConsent(user: "bob", clientID)
    fixture.commit(.deleteApp(fixture.admin, clientID: clientID))
    for _ in 0..<8 { fixture.commit(.enableUser(Array("x".utf8))) }
    #expect(fixture.state.consents.liveCount == 0)
    #expect(fixture.state.apps.liveCount == 0)
    let next = fixture.registration(by: fixture.admin)
    #expect(fixture.reason(next) == nil)
    #expect(fixture.isDead(planted))
    #expect(fixture.rebuilt() == [])
  }

  @Test func F29_infoIsForEverybodyEvenThroughAnOAuthToken() {
    let (fixture, clientID) = open()
    var person = fixture.bob
    person.login = .oauthToken
    #expect(fixture.reason(.appInfo(person, clientID: clientID)) == nil)
    #expect(fixture.reason(.getApp(person, clientID: clientID)) == .personLoginRefused)
    fixture.commit(.disableUser(person.user))
    #expect(fixture.reason(.appInfo(person, clientID: clientID)) == .userDisabled)
  }
}
