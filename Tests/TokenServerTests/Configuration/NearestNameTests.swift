import Testing

@testable import TokenServer

struct NearestNameTests {
  @Test(
    "the distance counts inserted, deleted and replaced letters",
    arguments: [
      ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("same", "same", 0),
      ("listen", "silent", 4),
    ])
  func distance(_ left: String, _ right: String, _ expected: Int) {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test("only a near name is suggested, the nearest of several")
  func nearest() {
    let known = ["max-tokens", "max-grants", "listen"]
    #expect(suggestion(for: "max-token".utf8, among: known) == "did you mean max-tokens?")
    #expect(
      suggestion(for: "lsten".utf8, among: known, prefix: "--") == "did you mean --listen?")
    #expect(suggestion(for: "colour".utf8, among: known) == nil)
    #expect(suggestion(for: String(repeating: "x", count: 65).utf8, among: known) == nil)
    #expect(suggestion(for: "x".utf8, among: []) == nil)
  }
}
