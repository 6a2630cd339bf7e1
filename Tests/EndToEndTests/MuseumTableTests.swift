import Foundation
import Testing

/// `Tests/MUSEUM.md`: every test that it names exists and says which bug it is about.
@Suite struct MuseumTableTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Bug and `Suite/test` of every row, one for each test.
  private func rows() throws -> [(bug: String, suite: String, test: String)] {
    let table = try String(contentsOf: Self.tests.appending(path: "MUSEUM.md"), encoding: .utf8)
    var rows: [(bug: String, suite: String, test: String)] = []
    for line in table.split(separator: "\n").filter({ $0.hasPrefix("| ") }).dropFirst() {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let tests = cells[2].matches(of: /`(\w+)\/([\w-]+)`/)
      #expect(!tests.isEmpty, "\(cells[0]) names no test")
      rows += tests.map { (cells[0], String($0.1), String($0.2)) }
    }
    return rows
  }

  private func source(of suite: String) throws -> String {
    let files = FileManager.default.enumerator(at: Self.tests, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      if file.lastPathComponent == suite + ".swift" {
        return try String(contentsOf: file, encoding: .utf8)
      }
    }
    return ""
  }

  /// The attribute and name of a test: from the last `@Test` before its name to the name's end.
  private func heading(of test: String, in source: String) -> Substring? {
    guard let name = source.range(of: "func \(test)(") ?? source.range(of: "func `\(test)") else {
      return nil
    }
    let start = source[..<name.lowerBound].range(of: "@Test", options: .backwards)
    return start.map { source[$0.lowerBound..<name.upperBound] }
  }

  @Test func everyBugHasATestThatCarriesItsNumber() throws {
    let rows = try rows()
    #expect(rows.count >= 28)
    for (bug, suite, test) in rows {
      let heading = try heading(of: test, in: source(of: suite))
      let found = try #require(heading, "\(bug): no test \(suite)/\(test)")
      let words = bug.split(whereSeparator: { " ,-".contains($0) })
      // CVE-2026-9802 → 9802, GHSA-wv3h-x6c4-r867 → wv3h, etcd 2819 → 2819, PostgreSQL.
      let place = bug.hasPrefix("CVE") ? 2 : min(1, words.count - 1)
      let number = String(words[place])
      #expect(found.contains(number), "\(suite)/\(test) does not name \(bug)")
    }
  }
}
