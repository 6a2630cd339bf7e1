import Foundation
import LinuxIO
import StorageSupport
import TokenStorage

@testable import TokenServer

/// A journal of a few segments in a directory of its own, and its root key; all of it one user's.
struct VerifiedJournal {
  let directory = TestDirectory()
  let segments: [String]
  var data: String { directory.path + "/data" }
  var key: String { directory.path + "/root.key" }
  var files: FileManager { FileManager.default }

  /// - Parameter clockMillis: of its last entries; nil = of a time that is over.
  init(clockMillis: UInt64? = nil) throws {
    let driver = JournalDriver(seed: 9)
    if let clockMillis { driver.nowMillis = clockMillis }
    let disk = SimulatedDisk()
    guard try driver.start(disk) else { throw CocoaError(.featureUnsupported) }
    for step in 0..<8 { _ = driver.append(commits: 2, large: step % 3 == 0) }
    _ = driver.seal()
    segments = disk.files.keys.filter { $0.hasPrefix("seg-") }.sorted()
    try files.createDirectory(
      atPath: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    for (name, bytes) in disk.files { try write(bytes, name) }
    try write([], "LOCK")
    try Data([UInt8](0..<32)).write(to: URL(fileURLWithPath: key))
    try mode(0o600, key)
  }

  func path(_ name: String) -> String { "\(data)/\(name)" }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    try mode(0o600, path(name))
  }

  func mode(_ bits: Int, _ path: String) throws {
    try files.setAttributes([.posixPermissions: bits], ofItemAtPath: path)
  }

  /// Flips a bit.
  func damage(_ name: String, at offset: Int) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    bytes[offset] ^= 1
    try write(bytes, name)
  }

  /// Gives it to a user who is not root, and whom nothing here runs as; where this process may not
  /// do that, it is not root itself.
  func giveAway(_ names: [String] = []) throws {
    guard CurrentProcess.effectiveUserID == 0 else { return }
    let all = try files.contentsOfDirectory(atPath: data).map(path) + [data, key]
    for each in names.isEmpty ? all : names.map(path) {
      try files.setAttributes(
        [.ownerAccountID: 47_117, .groupOwnerAccountID: 47_117], ofItemAtPath: each)
    }
  }

  /// Everything about every name: bytes, mode, owner.
  func contents() throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for name in try files.contentsOfDirectory(atPath: data) + ["."] {
      let status = try FileStatus.ofPath(path(name))
      let bytes = try? Data(contentsOf: URL(fileURLWithPath: path(name)))
      found[name] = ["\(String(describing: status))", "\(bytes?.hashValue ?? 0)"]
    }
    return found
  }

  func verify(
    json: Bool = false, configuration: ServerConfiguration? = nil
  ) throws -> (code: ExitCode, output: Captured) {
    var flags = MaintenanceFlags()
    (flags.verifiedDirectory, flags.rootKeyFile, flags.wantsJSON) = (data, key, json)
    let captured = Captured()
    return (try Verification.run(flags, configuration, captured.console), captured)
  }
}
