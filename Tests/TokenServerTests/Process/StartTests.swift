import Foundation
import LinuxIO
import Testing
import TokenCrypto

@testable import TokenServer

struct StartTests {
  @Test("the data directory is made 0700 and belongs to one process at a time")
  func dataDirectory() throws {
    let directory = TestDirectory()
    let path = directory.path + "/data"
    let held = try DataDirectory(path: path)
    #expect(try FileStatus.ofPath(path)?.modeBits == 0o700)
    #expect(try FileStatus.ofPath(path + "/LOCK")?.modeBits == 0o600)
    let error = try #require(throws: StartError.self) { _ = try DataDirectory(path: path) }
    #expect(error.code == .inUse)
    #expect(
      error.message == "data directory \(path) is in use by process \(CurrentProcess.id); "
        + "stop it first, or use another directory")
    #expect(held.lockPath == path + "/LOCK")
  }

  @Test("a data directory that others may look into is refused")
  func openDataDirectory() throws {
    let directory = TestDirectory()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o750], ofItemAtPath: directory.path)
    let error = try #require(throws: StartError.self) {
      _ = try DataDirectory(path: directory.path)
    }
    #expect(error.code == .system)
    #expect(error.message.contains("has mode 0750"))
  }

  @Test("the first start makes the root key, the next reads the same one")
  func rootKey() throws {
    let directory = TestDirectory()
    let path = directory.path + "/root.key"
    let data = try DataDirectory(path: directory.path + "/data")
    let made = try RootKeyFile.open(path: path, outside: [directory.path + "/data"])
    #expect(made.isNew)
    let status = try #require(try FileStatus.ofPath(path))
    #expect(status.modeBits == 0o600)
    #expect(status.byteCount == 32)
    let read = try RootKeyFile.open(path: path, outside: [directory.path + "/data"])
    #expect(!read.isNew)
    #expect(bytes(read.key) == bytes(made.key))
    #expect(bytes(read.key) == [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    _ = data.lockPath
  }

  private func bytes(_ key: RootKey) -> [UInt8] {
    key.withBytes { span in span.indices.map { span[$0] } }
  }

  @Test(
    "an unsafe root key file is refused, with its own exit code",
    arguments: ["mode", "group", "size", "link", "symbolic link", "directory", "open directory"])
  func unsafeRootKey(_ fault: String) throws {
    let directory = TestDirectory()
    let path = directory.path + "/root.key"
    let data = directory.path + "/data"
    let files = FileManager.default
    try files.createDirectory(atPath: data, withIntermediateDirectories: false)
    func write(_ path: String, _ count: Int, _ mode: Int) {
      _ = files.createFile(
        atPath: path, contents: Data(count: count), attributes: [.posixPermissions: mode])
    }
    switch fault {
    case "mode": write(path, 32, 0o604)
    case "group": write(path, 32, 0o640)
    case "size": write(path, 31, 0o600)
    case "link":
      write(path, 32, 0o600)
      try files.linkItem(atPath: path, toPath: directory.path + "/second")
    case "symbolic link":
      write(directory.path + "/real", 32, 0o600)
      try files.createSymbolicLink(
        atPath: path, withDestinationPath: directory.path + "/real")
    case "directory": try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    default:
      write(path, 32, 0o600)
      try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: directory.path)
    }
    let error = try #require(throws: StartError.self) {
      _ = try RootKeyFile.open(path: path, outside: [data])
    }
    #expect(error.code == .keyFile)
    #expect(error.message.hasPrefix("root key file: "))
    #expect(error.message.contains(directory.path))
  }

  @Test("a root key whose directory is a link into the data or backup directory is refused")
  func rootKeyThroughLink() throws {
    let directory = TestDirectory()
    let data = directory.path + "/data"
    let files = FileManager.default
    try files.createDirectory(
      atPath: data + "/keys", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    try files.createSymbolicLink(
      atPath: directory.path + "/keys", withDestinationPath: data + "/keys")
    let error = try #require(throws: StartError.self) {
      _ = try RootKeyFile.open(path: directory.path + "/keys/root.key", outside: [data])
    }
    #expect(error.code == .keyFile)
    #expect(error.message.contains("root key inside \(data)"))
    #expect(try FileStatus.ofPath(data + "/keys/root.key") == nil)
    // The other way round: the backup directory is the link, and is not made yet.
    try files.createSymbolicLink(
      atPath: directory.path + "/backup", withDestinationPath: directory.path)
    let through = try #require(throws: StartError.self) {
      _ = try RootKeyFile.open(
        path: directory.path + "/root.key", outside: [data, directory.path + "/backup"])
    }
    #expect(through.code == .keyFile)
    #expect(try FileStatus.ofPath(directory.path + "/root.key") == nil)
  }

  @Test("exit statuses are what the documentation says")
  func exitCodes() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0] + Array(64...75) + [78])
  }
}
