import Testing

@testable import TokenCore

@Suite("Keys")
struct KeysTests {
  private func listed(_ fixture: Fixture) -> [KeyDescription] {
    guard case .keys(let keys) = fixture.commit(.listKeys) else { return [] }
    return keys
  }

  private func rotate(_ fixture: Fixture) -> UInt8? {
    guard case .keyRotated(let keyID) = fixture.commit(.rotateKey(salt: fixture.newID()))
    else { return nil }
    return keyID
  }

  @Test func theFirstRotationMakesTheFirstKey() {
    let fixture = Fixture(isOn: false)
    #expect(listed(fixture) == [])
    #expect(rotate(fixture) == 0)
    #expect(listed(fixture).map(\.key.state) == [.primary])
    #expect(fixture.rebuilt() == [])
  }

  @Test func C7_rotationLeavesTheOldKeyVerifying() {
    let fixture = Fixture()
    let planted = fixture.plantGrant(user: "bob", fixture.register())
    fixture.wait(seconds: 9)
    #expect(rotate(fixture) == 1)
    #expect(rotate(fixture) == 2)
    #expect(fixture.state.derived.primaryKeyID == 2)
    let keys = listed(fixture)
    #expect(keys.map(\.key.state) == [.verifyOnly, .verifyOnly, .primary])
    #expect(keys.map(\.key.keyID) == [0, 1, 2])
    #expect(keys.map(\.liveTokens) == [2, 0, 0])
    #expect(keys[2].key.createdAtMillis == fixture.nowMillis)
    #expect(fixture.isAlive(planted))
    #expect(fixture.rebuilt() == [])
  }

  @Test func thePrimaryKeyCannotBeRetired() {
    let fixture = Fixture()
    let refusal = fixture.refusal(.retireKey(keyID: 0, force: true))
    #expect(refusal?.reason == .keyInUse)
    #expect(refusal?.field == "keyId")
    #expect(fixture.reason(.retireKey(keyID: 1, force: true)) == .notFound)
  }

  @Test func retiringNeedsForceWhileTokensLive() {
    let fixture = Fixture()
    fixture.mayReclaim = false
    let clientID = fixture.register()
    let old = fixture.plantGrant(user: "bob", clientID)
    _ = rotate(fixture)
    let new = fixture.plantGrant(user: "bob", clientID)
    let refusal = fixture.refusal(.retireKey(keyID: 0, force: false))
    #expect(refusal?.reason == .keyInUse)
    #expect(refusal?.field == "force")
    #expect(refusal?.message.hasPrefix("2 tokens") == true)
    #expect(fixture.isAlive(old))
    #expect(
      fixture.commit(.retireKey(keyID: 0, force: true)) == .keyRetired(killedTokens: 2))
    #expect(fixture.verdict(old.tokenID) == .revoked)
    #expect(fixture.verdict(new.tokenID) == .live)
    #expect(listed(fixture).map(\.key.state) == [.retired, .primary])
    #expect(
      fixture.commit(.retireKey(keyID: 0, force: false)) == .keyRetired(killedTokens: 0))
    #expect(fixture.rebuilt() == [])
  }

  @Test func retiringAnUnusedKeyNeedsNoForce() {
    let fixture = Fixture()
    _ = rotate(fixture)
    #expect(
      fixture.commit(.retireKey(keyID: 0, force: false)) == .keyRetired(killedTokens: 0))
    #expect(rotate(fixture) == 2, "an id is never used again")
  }

  @Test func aRotatedFamilyCountsForItsNewKey() {
    let fixture = Fixture()
    let planted = fixture.plantGrant(user: "bob", fixture.register())
    _ = rotate(fixture)
    guard var found = fixture.state.findFamily(planted.familyID) else { return }
    found.family.keyID = 1
    fixture.apply([.family(found.slot, found.family)])
    #expect(listed(fixture).map(\.liveTokens) == [1, 1])
    #expect(fixture.rebuilt() == [])
  }

  @Test func keyIDsAreUsedUpAfter256() {
    let fixture = Fixture()
    for keyID in 1...255 {
      #expect(rotate(fixture) == UInt8(keyID))
      fixture.commit(.retireKey(keyID: UInt8(keyID - 1), force: true))
    }
    #expect(fixture.reason(.rotateKey(salt: fixture.newID())) == .limitReached)
    #expect(fixture.state.derived.primaryKeyID == 255)
    #expect(fixture.rebuilt() == [])
  }
}
