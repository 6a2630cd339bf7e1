import Foundation
import Testing

@testable import TokenCore

/// The published vectors of the specification, made by a generator that shares no code with this.
@Suite("Specification vectors of URLs and names")
struct RedirectsVectorTests {
  struct Vector: Decodable, Sendable {
    var name: String
    var valid: Bool?
    var hex: String?
    var use: String?
    var requireHttps: Bool?
    var rule: String?
    var pattern: String?
    var patternValid: Bool?
    var registered: [String]?
    var publicClient: Bool?
    var presentedHex: String?
    var match: Bool?

    var bytes: [UInt8] { Self.bytes(hex ?? presentedHex ?? "") }

    private static func bytes(_ hex: String) -> [UInt8] {
      let digits = hex.compactMap(\.hexDigitValue)
      return stride(from: 0, to: digits.count, by: 2).map {
        UInt8(digits[$0] * 16 + digits[$0 + 1])
      }
    }
  }

  private struct VectorFile: Decodable { var vectors: [Vector] }

  private func vectors(_ name: String) throws -> [Vector] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "proto-spec/vectors/\(name).json")
    return try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: file)).vectors
  }

  private func isAccepted(_ change: (inout ApplicationFields) -> Void, _ vector: Vector) -> Bool {
    var fields = Fixture.fields()
    change(&fields)
    let rules = ApplicationFieldRules(requiresHTTPS: vector.requireHttps ?? false)
    do throws(Refusal) {
      try rules.check(fields)
      return true
    } catch {
      return false
    }
  }

  /// Text that is no UTF-8 does not get past the decoder.
  private func isText(_ vector: Vector) -> Bool {
    String(validating: vector.bytes, as: UTF8.self) != nil
  }

  @Test func redirects() throws {
    let all = try vectors("redirects")
    #expect(all.count > 200)
    for vector in all {
      let isMatch = (vector.registered ?? []).contains {
        RedirectMatching.matches(
          registered: Array($0.utf8), presented: vector.bytes,
          isPublic: vector.publicClient ?? false)
      }
      #expect(isMatch == vector.match, "\(vector.name)")
    }
  }

  @Test func urls() throws {
    let all = try vectors("urls")
    #expect(all.count > 200)
    for vector in all where isText(vector) {
      let url = vector.bytes
      let isAllowed: Bool?
      switch vector.use {
      case "callback": isAllowed = isAccepted({ $0.callbacks = [url] }, vector)
      case "homepage": isAllowed = isAccepted({ $0.homepage = url }, vector)
      case "icon": isAllowed = isAccepted({ $0.iconURL = url }, vector)
      case "dynamic-redirect": isAllowed = URLRules.isNativeRedirect(url)
      case "resource": isAllowed = URLRules.isAudience(url)
      case "issuer":
        var settings = Settings()
        isAllowed = SettingRegistry.entry(Array("issuer".utf8))?.write(&settings, url)
      default: isAllowed = nil
      }
      #expect(isAllowed == vector.valid, "\(vector.name)")
    }
  }

  @Test func syntax() throws {
    var seen: Set<String> = []
    for vector in try vectors("syntax") where isText(vector) {
      let text = vector.bytes
      let isAllowed: Bool
      switch vector.rule {
      case "user-id": isAllowed = UserID.isWellFormed(text)
      case "name": isAllowed = isAccepted({ $0.name = text }, vector)
      case "description": isAllowed = isAccepted({ $0.description = text }, vector)
      case "scope": isAllowed = ScopeSet(text) != nil
      case "glob":
        let glob = AllowlistGlob(Array((vector.pattern ?? "").utf8))
        #expect((glob != nil) == vector.patternValid, "\(vector.name)")
        isAllowed = glob?.matches(text) ?? false
      default: continue
      }
      seen.insert(vector.rule ?? "")
      #expect(isAllowed == vector.valid, "\(vector.name)")
    }
    #expect(seen.count == 5)
  }
}
