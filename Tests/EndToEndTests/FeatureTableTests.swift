import Foundation
import Testing

/// `Tests/FEATURES.md` names a test for every number, and every test that it names exists.
@Suite struct FeatureTableTests {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What stands beside each number.
  private func rows() throws -> [String: String] {
    let table = try String(contentsOf: Self.tests.appending(path: "FEATURES.md"), encoding: .utf8)
    var rows: [String: String] = [:]
    for line in table.split(separator: "\n") where line.hasPrefix("| F") || line.hasPrefix("| G") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      rows[cells[0]] = cells[2]
    }
    return rows
  }

  private func testNames() throws -> Set<String> {
    let files = FileManager.default.enumerator(at: Self.tests, includingPropertiesForKeys: nil)
    var names: Set<String> = []
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /func (\w+)\(/) { names.insert(String(match.1)) }
    }
    return names
  }

  @Test func everyNumberHasATestOrAReason() throws {
    let rows = try rows()
    let numbers = (1...50).map { "F\($0)" } + (1...10).map { "G\($0)" }
    #expect(Set(rows.keys) == Set(numbers))
    for number in numbers {
      let cell = rows[number] ?? ""
      #expect(cell.contains("`") || cell.hasPrefix("none: "), "\(number)")
    }
  }

  @Test func everyTestThatIsNamedExists() throws {
    let names = try testNames()
    #expect(names.count > 500)
    for (number, cell) in try rows() {
      for match in cell.matches(of: /`(\w+)`/) {
        #expect(names.contains(String(match.1)), "\(number) names \(match.1)")
      }
    }
  }
}
