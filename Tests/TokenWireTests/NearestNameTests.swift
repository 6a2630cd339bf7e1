import Testing

@testable import TokenWire

@Suite struct NearestNameTests {
  @Test(
    "the distance counts inserted, deleted, replaced and swapped letters",
    arguments: [
      ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("same", "same", 0),
      ("listen", "silent", 4), ("recieve", "receive", 1),
    ])
  func distance(_ left: String, _ right: String, _ expected: Int) {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test("only a near name is suggested, the nearest of several")
  func nearest() {
    #expect(nearestName(to: "revok".utf8, among: ["revoke", "refresh"]) == "revoke")
    #expect(nearestName(to: "xyz".utf8, among: ["revoke", "refresh"]) == nil)
    let long = String(repeating: "a", count: 65)
    #expect(nearestName(to: long.utf8, among: [long]) == nil)
    #expect(nearestName(to: "x".utf8, among: []) == nil)
  }
}
