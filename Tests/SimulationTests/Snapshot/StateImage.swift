import Foundation
import TokenCore
import TokenCrypto

/// Everything durable that a state holds, byte by byte: what two states are compared by.
struct StateImage: Equatable {
  var position: UInt64
  /// Of those that are not all zeros.
  var pages: [Int: [UInt8]]

  init(_ state: borrowing ServiceState) {
    guard let cut = state.beginSnapshot() else {
      preconditionFailure("another snapshot is under way")
    }
    self.init(cut)
  }

  /// Ends the cut.
  init(_ cut: SnapshotCut) {
    position = cut.position
    pages = [:]
    let zeros = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
    for page in cut.pages {
      var bytes = [UInt8](repeating: 0, count: ArenaLayout.pageBytes)
      let isWhole = unsafe bytes.withUnsafeMutableBytes { unsafe cut.copyPage(page, into: $0) }
      precondition(isWhole, "the cut was abandoned")
      if unsafe memcmp(bytes, zeros, zeros.count) != 0 { pages[page] = bytes }
    }
    cut.end()
  }

  /// By memcmp: arrays are compared byte by byte in a debug build.
  static func == (left: StateImage, right: StateImage) -> Bool {
    guard left.position == right.position, left.pages.count == right.pages.count else {
      return false
    }
    return left.pages.allSatisfy { page, bytes in
      guard let other = right.pages[page], other.count == bytes.count else { return false }
      return unsafe memcmp(bytes, other, bytes.count) == 0
    }
  }

  /// SHA-256 of position and pages, in hex.
  var digest: String {
    var bytes: [UInt8] = []
    func append(_ number: UInt64) {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * shift))) }
    }
    append(position)
    for (page, content) in pages.sorted(by: { $0.key < $1.key }) {
      append(UInt64(page))
      bytes += content
    }
    return unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0) }.bytes
      .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// What differs, for a message.
  func difference(from other: StateImage) -> String {
    if self == other { return "nothing" }
    let keys = Set(pages.keys).union(other.pages.keys).filter { pages[$0] != other.pages[$0] }
    return "positions \(position) and \(other.position), pages \(keys.sorted())"
  }
}

// What a failing test prints: not megabytes.
extension StateImage: CustomReflectable, CustomStringConvertible {
  var description: String { "position \(position), \(pages.count) pages" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
