import Testing
import TokenWire

@testable import signetweb

@Suite("People: form tokens and the shelf of secrets")
struct PeopleFormTokensTests {
  private let tokens = FormTokens(key: Array(repeating: 7, count: 32))
  private let subject = FormSubject(user: bytes("ann"), act: "edit", object: bytes("app1"))

  private func isGood(_ verdict: FormTokens.Verdict) -> Bool {
    if case .good = verdict { true } else { false }
  }

  @Test("a token is good for its person, act and object")
  func good() {
    let token = tokens.issue(subject, nowMillis: 1_000)
    #expect(isGood(tokens.check(token, subject, nowMillis: 1_000)))
    #expect(isGood(tokens.check(token, subject, nowMillis: 1_000 + 7_199_999)))
  }

  @Test("another person, act, object, or the same bytes cut elsewhere: wrong")
  func bound() {
    let token = tokens.issue(subject, nowMillis: 1)
    for other in [
      FormSubject(user: bytes("bob"), act: "edit", object: bytes("app1")),
      FormSubject(user: bytes("ann"), act: "delete", object: bytes("app1")),
      FormSubject(user: bytes("ann"), act: "edit", object: bytes("app2")),
      FormSubject(user: bytes("ann"), act: "edit"),
      FormSubject(user: bytes("anne"), act: "dit", object: bytes("app1")),
      FormSubject(user: bytes("ann"), act: "edita", object: bytes("pp1")),
    ] { #expect(tokens.check(token, other, nowMillis: 1) == .wrong) }
  }

  @Test("after two hours it has expired, and one from the future is not good")
  func expires() {
    let token = tokens.issue(subject, nowMillis: 10)
    #expect(tokens.check(token, subject, nowMillis: 10 + 7_200_000) == .expired)
    #expect(tokens.check(token, subject, nowMillis: 9) == .expired)
  }

  @Test("another process's token is wrong, and so is every changed one")
  func forged() {
    let token = tokens.issue(subject, nowMillis: 1)
    #expect(FormTokens().check(token, subject, nowMillis: 1) == .wrong)
    for index in token.indices {
      var changed = token
      changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
      #expect(tokens.check(changed, subject, nowMillis: 1) == .wrong, "\(index)")
    }
    for text in [[], Array(token.dropLast()), token + [0x41], bytes("x y")] {
      #expect(tokens.check(text, subject, nowMillis: 1) == .wrong)
    }
  }

  @Test("one showing of a form has one key, and no two showings share one")
  func keys() {
    let first = tokens.issue(subject, nowMillis: 1)
    let second = tokens.issue(subject, nowMillis: 1)
    #expect(first != second)
    let once = tokens.check(first, subject, nowMillis: 1)
    #expect(once == tokens.check(first, subject, nowMillis: 2))
    #expect(once != tokens.check(second, subject, nowMillis: 1))
  }

  // MARK: The shelf

  private static let form = Bytes16(word0: 1, word1: 2)

  @Test("a form is spent when its secret was shown, or another form made one of that app since")
  func spentForms() {
    let shelf = SecretShelf()
    let forms = (1...3 as ClosedRange<UInt64>).map { Bytes16(word0: $0, word1: 0) }
    func put(_ form: Int, _ app: String, _ now: UInt64 = 0) -> [UInt8] {
      shelf.put(
        [1], user: bytes("ann"), clientID: bytes(app), form: forms[form], nowMillis: now)
    }
    func isSpent(_ form: Int, _ app: String) -> Bool {
      shelf.isSpent(forms[form], clientID: bytes(app))
    }
    _ = put(0, "a")
    let again = put(0, "a")
    _ = put(1, "b")
    #expect(!isSpent(0, "a") && !isSpent(1, "b") && !isSpent(2, "a"))
    #expect(shelf.take(again, user: bytes("ann"), clientID: bytes("a"), nowMillis: 1) != nil)
    #expect(isSpent(0, "a") && !isSpent(0, "b") && !isSpent(1, "b"))
    _ = put(2, "b")
    #expect(isSpent(1, "b") && !isSpent(2, "b"))
    _ = put(2, "c", FormTokens.lifetimeMillis)
    #expect(!isSpent(0, "a") && !isSpent(1, "b") && !isSpent(2, "c"))
  }

  @Test("a secret is read once, by its person, for its app, within a minute")
  func shelf() {
    let shelf = SecretShelf()
    let name = shelf.put(
      bytes("s"), user: bytes("ann"), clientID: bytes("a"), form: Self.form, nowMillis: 0)
    func take(_ user: String, _ app: String, _ now: UInt64) -> [UInt8]? {
      shelf.take(name, user: bytes(user), clientID: bytes(app), nowMillis: now)
    }
    #expect(take("bob", "a", 1) == nil)
    #expect(take("ann", "b", 1) == nil)
    #expect(take("ann", "a", 59_999) == bytes("s"))
    #expect(take("ann", "a", 59_999) == nil)
    let late = shelf.put(
      bytes("s"), user: bytes("ann"), clientID: bytes("a"), form: Self.form, nowMillis: 0)
    #expect(
      shelf.take(late, user: bytes("ann"), clientID: bytes("a"), nowMillis: 60_000) == nil)
  }

  @Test("the shelf is bounded: the oldest secret goes")
  func shelfBound() {
    let shelf = SecretShelf()
    let names = (0...SecretShelf.itemsMax).map { number in
      shelf.put(
        bytes("s\(number)"), user: bytes("\(number)"), clientID: [2], form: Self.form, nowMillis: 0)
    }
    #expect(shelf.take(names[0], user: bytes("0"), clientID: [2], nowMillis: 1) == nil)
    #expect(shelf.take(names[1], user: bytes("1"), clientID: [2], nowMillis: 1) == bytes("s1"))
  }

  @Test("one person's secrets push out that person's only")
  func shelfShare() {
    let shelf = SecretShelf()
    let victim = shelf.put(
      bytes("v"), user: bytes("ann"), clientID: [2], form: Self.form, nowMillis: 0)
    let names = (0...SecretShelf.itemsMax).map { number in
      shelf.put(
        bytes("s\(number)"), user: bytes("eve"), clientID: [2], form: Self.form, nowMillis: 0)
    }
    func take(_ index: Int) -> [UInt8]? {
      shelf.take(names[index], user: bytes("eve"), clientID: [2], nowMillis: 1)
    }
    let kept = names.count - SecretShelf.itemsPerUserMax
    #expect(take(kept - 1) == nil && take(kept) == bytes("s\(kept)"))
    #expect(take(names.count - 1) != nil)
    #expect(shelf.take(victim, user: bytes("ann"), clientID: [2], nowMillis: 1) == bytes("v"))
  }
}
