import Foundation
import LinuxIO
import Testing

/// Every name on the way to a directory decides what the path means.
@Suite struct PathTrustTests {
  let directory = TemporaryDirectory()

  /// `outer/inner` below the test's directory.
  func makeNested() throws -> (outer: String, inner: String) {
    let (outer, inner) = (directory.file("outer"), directory.file("outer/inner"))
    try Directory.create(path: inner, modeBits: 0o700, parents: true)
    return (outer, inner)
  }

  @Test func `a way of one's own below a sticky directory is trusted`() throws {
    let (_, inner) = try makeNested()
    #expect(try FileStatus.ofPath("/tmp").map { $0.modeBits & 0o1002 } == 0o1002)
    try Directory.requireTrusted(path: inner)
    try Directory.requireTrusted(path: inner, forbiddenBits: 0o077)
    try Directory.requireTrusted(path: "/")
  }

  @Test(arguments: [0o777, 0o772, 0o702, 0o707] as [UInt32])
  func `a directory above that others may write is refused with the remedy`(
    mode: UInt32
  ) throws {
    let (outer, inner) = try makeNested()
    changeMode(outer, mode)
    let error = try #require(throws: FileError.self) {
      try Directory.requireTrusted(path: inner)
    }
    #expect(error == .untrusted(path: outer, .mode(found: mode, forbidden: 0o022)))
    #expect("\(error)".hasSuffix(" \(outer)"))
    changeMode(outer, mode | 0o1000)
    try Directory.requireTrusted(path: inner)
  }

  @Test func `a directory above that a group may write is refused, but for the private group`()
    throws
  {
    let (outer, inner) = try makeNested()
    changeMode(outer, 0o770)
    let status = try #require(try FileStatus.ofPath(outer))
    let user = try UserAccount.find(id: geteuid())
    let group = try GroupAccount.find("\(status.groupID)")
    let isPrivate =
      user != nil && group?.name == user?.name && group?.id == user?.primaryGroupID
      && group?.memberNames.allSatisfy { $0 == user?.name } == true
    if isPrivate {
      try Directory.requireTrusted(path: inner)
    } else {
      #expect(throws: FileError.self) { try Directory.requireTrusted(path: inner) }
    }
    #expect(throws: FileError.self, "the directory itself has no such leave") {
      try Directory.requireTrusted(path: outer)
    }
  }

  @Test(.enabled(if: isRoot)) func `another group than the private one is refused`() throws {
    let (outer, inner) = try makeNested()
    changeMode(outer, 0o770)
    try FileManager.default.setAttributes([.groupOwnerAccountID: 12_345], ofItemAtPath: outer)
    #expect(throws: FileError.untrusted(path: outer, .mode(found: 0o770, forbidden: 0o022))) {
      try Directory.requireTrusted(path: inner)
    }
  }

  @Test(.enabled(if: isRoot)) func `a directory above of another user is refused`() throws {
    let (outer, inner) = try makeNested()
    changeOwner(outer, uid: 1234)
    #expect(throws: FileError.untrusted(path: outer, .owner(uid: 1234, expected: 0))) {
      try Directory.requireTrusted(path: inner)
    }
  }

  @Test func `the directories on both sides of a link count`() throws {
    let (outer, inner) = try makeNested()
    let (side, link) = (directory.file("side"), directory.file("side/link"))
    try Directory.create(path: side, modeBits: 0o700)
    makeSymbolicLink(link, to: inner)
    try Directory.requireTrusted(path: link)
    changeMode(outer, 0o707)
    #expect(throws: FileError.untrusted(path: outer, .mode(found: 0o707, forbidden: 0o022))) {
      try Directory.requireTrusted(path: link)
    }
    changeMode(outer, 0o700)
    changeMode(side, 0o707)
    #expect(throws: FileError.untrusted(path: side, .mode(found: 0o707, forbidden: 0o022))) {
      try Directory.requireTrusted(path: link)
    }
    // So do those that .. leaves again.
    #expect(throws: FileError.self) {
      try Directory.requireTrusted(path: side + "/../outer/inner")
    }
  }

  @Test(.enabled(if: isRoot)) func `a link of another user is refused`() throws {
    let (_, inner) = try makeNested()
    let link = directory.file("link")
    makeSymbolicLink(link, to: inner)
    let changed = unsafe lchown(link, 1234, 1234)
    #expect(changed == 0)
    #expect(throws: FileError.untrusted(path: link, .owner(uid: 1234, expected: 0))) {
      try Directory.requireTrusted(path: link)
    }
  }

  @Test func `the real path of what is not there yet follows the links that are`() throws {
    let (outer, inner) = try makeNested()
    let link = directory.file("link")
    makeSymbolicLink(link, to: inner)
    #expect(try FileSystem.realPathSoFar(link + "/a/b") == inner + "/a/b")
    #expect(try FileSystem.realPathSoFar(outer) == outer)
    #expect(try FileSystem.realPathSoFar("/signet-absent") == "/signet-absent")
  }

  @Test func `a lock file with a second name is refused and not written to`() throws {
    let path = directory.makeFile("LOCK", Array("mine".utf8))
    let second = directory.file("second")
    try FileManager.default.linkItem(atPath: path, toPath: second)
    #expect(throws: FileLockError.file(.untrusted(path: path, .hardLinks(2)))) {
      _ = try FileLock.acquire(path: path)
    }
    #expect(try File.readWhole(path: second, limitBytes: 9) == Array("mine".utf8))
  }
}
