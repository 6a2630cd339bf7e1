import Foundation
import LinuxIO
import Testing

@Suite struct FileTests {
  let directory = TemporaryDirectory()

  @Test func `what is written at an offset is read there`() throws {
    let file = try File.open(path: directory.file("f"), .createNew(modeBits: 0o600))
    try file.writeWhole([1, 2, 3], at: 5)
    #expect(try file.read(byteCount: 3, at: 5) == [1, 2, 3])
    #expect(try file.read(byteCount: 100, at: 0) == [0, 0, 0, 0, 0, 1, 2, 3])
    #expect(try file.read(byteCount: 4, at: 8) == [])
    try file.truncate(toByteCount: 6)
    #expect(try file.status().byteCount == 6)
    try file.allocate(byteCount: 4096, at: 4096)
    #expect(try file.status().byteCount == 8192)
    try file.syncData()
    try file.sync()
  }

  @Test func `a new file does not replace an old one`() throws {
    let path = directory.makeFile("f", [1])
    #expect(throws: FileError.system(SystemError(errno: .exists, call: "open", path: path))) {
      _ = try File.open(path: path, .createNew(modeBits: 0o600))
    }
  }

  @Test func `appending goes to the end whatever is there`() throws {
    let path = directory.makeFile("f", [1])
    let file = try File.open(path: path, .append(createModeBits: 0o600))
    let bytes: [UInt8] = [2, 3]
    let result = unsafe try bytes.withUnsafeBytes { unsafe try file.write($0) }
    #expect(result == .bytes(2))
    #expect(try File.readWhole(path: path, limitBytes: 10) == [1, 2, 3])
  }

  @Test func `read-write without creation needs the file`() throws {
    let path = directory.file("f")
    #expect(throws: FileError.system(SystemError(errno: .notFound, call: "open", path: path))) {
      _ = try File.open(path: path, .readWrite(createModeBits: nil))
    }
    _ = try File.open(path: path, .readWrite(createModeBits: 0o640))
    #expect(try FileStatus.ofPath(path)?.kind == .regular)
  }

  @Test func `a symbolic link is not opened`() throws {
    let link = directory.file("link")
    makeSymbolicLink(link, to: directory.makeFile("f", [1]))
    let expected = FileError.system(SystemError(errno: .symbolicLink, call: "open", path: link))
    #expect(throws: expected) { _ = try File.open(path: link, .read) }
    #expect(throws: expected) { _ = try File.readWhole(path: link, limitBytes: 10) }
    #expect(try File.readWhole(path: link, limitBytes: 10, followingLinks: true) == [1])
  }

  @Test func `a whole file is read up to its limit and no further`() throws {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0) }
    let path = directory.makeFile("f", bytes)
    #expect(try File.readWhole(path: path, limitBytes: 5000) == bytes)
    #expect(throws: FileError.tooLarge(path: path, limitBytes: 4999)) {
      _ = try File.readWhole(path: path, limitBytes: 4999)
    }
    #expect(try File.readWhole(path: directory.makeFile("e"), limitBytes: 0) == [])
  }

  @Test func `a file without a size, as in proc, is read whole`() throws {
    let bytes = try File.readWhole(path: "/proc/self/status", limitBytes: 1 << 20)
    #expect(String(decoding: bytes, as: UTF8.self).contains("\nPid:\t\(getpid())\n"))
    #expect(throws: FileError.tooLarge(path: "/proc/self/status", limitBytes: 100)) {
      _ = try File.readWhole(path: "/proc/self/status", limitBytes: 100)
    }
  }

  @Test func `reading a directory or a pipe whole is refused`() throws {
    makePipe(directory.file("p"))
    #expect(
      throws: FileError.untrusted(
        path: directory.path, .kind(found: .directory, expected: .regular))
    ) { _ = try File.readWhole(path: directory.path, limitBytes: 10) }
    #expect(
      throws: FileError.untrusted(
        path: directory.file("p"), .kind(found: .other, expected: .regular))
    ) { _ = try File.readWhole(path: directory.file("p"), limitBytes: 10) }
  }

  @Test func `a path that C would cut short is refused by every call`() {
    let path = directory.file("f") + "\0.txt"
    #expect(throws: FileError.self) { _ = try File.open(path: path, .read) }
    #expect(throws: FileError.self) { try Directory.create(path: path, modeBits: 0o700) }
    #expect(throws: FileError.self) { try Directory.requireTrusted(path: path) }
    #expect(throws: SystemError.self) { try FileSystem.unlink(path) }
    #expect(throws: SystemError.self) { try FileSystem.rename("/tmp/x", to: path) }
    #expect(throws: SystemError.self) { _ = try FileStatus.ofPath(path) }
    #expect(throws: SystemError.self) { _ = try Directory.list(path: path) }
    #expect(throws: SystemError.self) { _ = try FileSystem.realPath("") }
  }

  @Test func `rename replaces, and does not when told not to`() throws {
    let (a, b) = (directory.makeFile("a", [1]), directory.makeFile("b", [2]))
    #expect(throws: SystemError(errno: .exists, call: "rename", path: b)) {
      try FileSystem.renameWithoutReplacing(a, to: b)
    }
    try FileSystem.rename(a, to: b)
    #expect(try File.readWhole(path: b, limitBytes: 10) == [1])
    #expect(try FileStatus.ofPath(a) == nil)
    try FileSystem.renameWithoutReplacing(b, to: a)
    #expect(try Directory.list(path: directory.path) == ["a"])
  }

  @Test func `links are read and real paths resolved`() throws {
    let link = directory.file("link")
    makeSymbolicLink(link, to: "f")
    #expect(try FileSystem.readLink(link) == "f")
    #expect(throws: SystemError(errno: .notFound, call: "realpath", path: link)) {
      _ = try FileSystem.realPath(link)
    }
    let path = directory.makeFile("f")
    #expect(try FileSystem.realPath(link) == FileSystem.realPath(path))
    #expect(throws: SystemError(errno: .invalid, call: "readlink", path: path)) {
      _ = try FileSystem.readLink(path)
    }
  }

  @Test func `free space is known`() throws {
    #expect(try FileSystem.freeByteCount(at: directory.path) > 0)
    #expect(try FileSystem.freeByteCount(at: "/proc") == 0)
    let absent = directory.file("absent")
    #expect(throws: SystemError(errno: .notFound, call: "statvfs", path: absent)) {
      _ = try FileSystem.freeByteCount(at: absent)
    }
  }

  @Test func `status names the kinds and follows no link`() throws {
    let file = directory.makeFile("f", [1, 2], modeBits: 0o640)
    makeSymbolicLink(directory.file("l"), to: file)
    makeHardLink(directory.file("h"), to: file)
    let status = try #require(try FileStatus.ofPath(file))
    #expect(status.kind == .regular && status.byteCount == 2 && status.linkCount == 2)
    #expect(status.modeBits == 0o640 && status.ownerID == geteuid())
    #expect(try FileStatus.ofPath(directory.file("h"))?.identity == status.identity)
    #expect(try FileStatus.ofPath(directory.file("l"))?.kind == .symbolicLink)
    #expect(try FileStatus.ofPath("/dev/null")?.kind == .other)
    #expect(try FileStatus.ofPath(directory.file("absent")) == nil)
  }
}

@Suite struct DirectoryTests {
  let directory = TemporaryDirectory()

  @Test(arguments: [0o700, 0o750, 0o711] as [UInt32])
  func `a directory is made with exactly its mode`(mode: UInt32) throws {
    #expect(try Directory.create(path: directory.file("d"), modeBits: mode))
    #expect(modeBits(directory.file("d")) == mode)
  }

  @Test func `one that exists is left as it is`() throws {
    let path = directory.file("d")
    #expect(try Directory.create(path: path, modeBits: 0o700))
    #expect(try !Directory.create(path: path + "/", modeBits: 0o755))
    #expect(modeBits(path) == 0o700)
  }

  @Test func `parents are made only where asked`() throws {
    let path = directory.file("a/b/c")
    #expect(throws: FileError.system(SystemError(errno: .notFound, call: "mkdir", path: path))) {
      try Directory.create(path: path, modeBits: 0o750)
    }
    #expect(try Directory.create(path: path, modeBits: 0o750, parents: true))
    #expect(modeBits(directory.file("a")) == 0o750)
    #expect(modeBits(path) == 0o750)
  }

  @Test func `a file in the way is an error`() throws {
    let path = directory.makeFile("f")
    #expect(
      throws: FileError.system(SystemError(errno: .notADirectory, call: "open", path: path))
    ) { try Directory.create(path: path, modeBits: 0o700) }
  }

  @Test(arguments: [0o700, 0o750, 0o755, 0o500, 0o711] as [UInt32])
  func `a directory that only its owner writes is trusted`(mode: UInt32) throws {
    changeMode(directory.path, mode)
    #expect(try Directory.requireTrusted(path: directory.path).modeBits == mode)
  }

  @Test(arguments: [0o770, 0o720, 0o702, 0o777, 0o1777, 0o775, 0o2770] as [UInt32])
  func `a directory that others may write is refused with the remedy`(mode: UInt32) throws {
    changeMode(directory.path, mode)
    let error = try #require(throws: FileError.self) {
      try Directory.requireTrusted(path: directory.path)
    }
    #expect(
      error == .untrusted(path: directory.path, .mode(found: mode, forbidden: 0o022)))
    let digits = String(mode & ~0o022, radix: 8)
    #expect("\(error)".contains("chmod"))
    #expect("\(error)".contains("\(digits) \(directory.path)"))
  }

  @Test func `a private directory may not be looked into`() throws {
    changeMode(directory.path, 0o750)
    #expect(
      throws: FileError.untrusted(
        path: directory.path, .mode(found: 0o750, forbidden: 0o077))
    ) { try Directory.requireTrusted(path: directory.path, forbiddenBits: 0o077) }
  }

  @Test(.enabled(if: isRoot)) func `a directory of another user is refused`() throws {
    let path = directory.file("d")
    try Directory.create(path: path, modeBits: 0o700)
    changeOwner(path, uid: 1234)
    #expect(throws: FileError.untrusted(path: path, .owner(uid: 1234, expected: 0))) {
      try Directory.requireTrusted(path: path)
    }
  }

  @Test func `a link is judged by its target, a file is none`() throws {
    let (path, link) = (directory.file("d"), directory.file("l"))
    try Directory.create(path: path, modeBits: 0o700)
    makeSymbolicLink(link, to: path)
    try Directory.requireTrusted(path: link)
    changeMode(path, 0o770)
    #expect(throws: FileError.self) { try Directory.requireTrusted(path: link) }
    let file = directory.makeFile("f")
    #expect(
      throws: FileError.untrusted(path: file, .kind(found: .regular, expected: .directory))
    ) { try Directory.requireTrusted(path: file) }
    #expect(throws: FileError.self) {
      try Directory.requireTrusted(path: directory.file("absent"))
    }
  }

  @Test func `names are listed sorted by bytes`() throws {
    for name in ["b", "a", "B", "é", ".hidden", "a.1"] { _ = directory.makeFile(name) }
    #expect(try Directory.list(path: directory.path) == [".hidden", "B", "a", "a.1", "b", "é"])
    let path = directory.file("absent")
    #expect(throws: SystemError(errno: .notFound, call: "opendir", path: path)) {
      _ = try Directory.list(path: path)
    }
  }

  @Test func `a directory of many and long names is listed whole`() throws {
    let names = (0..<300).map { "\(1000 + $0)" + String(repeating: "n", count: 251) }
    for name in names { _ = directory.makeFile(name) }
    #expect(try Directory.list(path: directory.path) == names)
  }

  @Test func `only an empty directory is removed`() throws {
    let path = directory.file("d")
    try Directory.create(path: path, modeBits: 0o700)
    _ = directory.makeFile("d/f")
    #expect(throws: SystemError(errno: .directoryNotEmpty, call: "rmdir", path: path)) {
      try Directory.remove(path: path)
    }
    try FileSystem.unlink(path + "/f")
    try Directory.remove(path: path)
    #expect(try FileStatus.ofPath(path) == nil)
    try Directory.sync(path: directory.path)
  }
}
