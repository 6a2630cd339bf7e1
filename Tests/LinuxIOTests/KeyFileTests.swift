import Foundation
import LinuxIO
import Testing

@Suite struct KeyFileTests {
  let directory = TemporaryDirectory()
  let key = (0..<32).map { UInt8($0 * 7) }

  func create(_ path: String, _ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes { try unsafe KeyFile.create(path: path, bytes: $0) }
  }

  func read(_ path: String, byteCount: Int = 32) throws -> [UInt8] {
    let secret = try KeyFile.read(path: path, byteCount: byteCount)
    return unsafe secret.withBytes { unsafe Array($0) }
  }

  /// The error of a refused read.
  func refusal(_ path: String, byteCount: Int = 32) throws -> FileError {
    try #require(throws: FileError.self) { _ = try read(path, byteCount: byteCount) }
  }

  @Test func `a key that was made is read back`() throws {
    let path = directory.file("key")
    try create(path, key)
    #expect(try read(path) == key)
    #expect(modeBits(path) == 0o600)
    #expect(try Directory.list(path: directory.path) == ["key"], "no draft is left")
  }

  @Test func `the mode of a new key does not depend on the umask`() async {
    await #expect(processExitsWith: .success) {
      for mask: UInt32 in [0, 0o777] {
        let directory = TemporaryDirectory()
        umask(mask)
        let bytes: [UInt8] = [1, 2, 3]
        try unsafe bytes.withUnsafeBytes {
          try unsafe KeyFile.create(path: directory.file("key"), bytes: $0)
        }
        #expect(modeBits(directory.file("key")) == 0o600)
      }
    }
  }

  @Test(arguments: [0o600, 0o400, 0o700, 0o500] as [UInt32])
  func `a mode that shuts others out is accepted`(mode: UInt32) throws {
    let path = directory.makeFile("key", key, modeBits: mode)
    #expect(try read(path) == key)
  }

  @Test(
    arguments: [
      0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o660, 0o666, 0o777, 0o440, 0o4650,
    ] as [UInt32])
  func `a mode that lets others in is refused with the remedy`(mode: UInt32) throws {
    let path = directory.makeFile("key", key, modeBits: mode)
    let error = try refusal(path)
    #expect(error == .untrusted(path: path, .mode(found: mode, forbidden: 0o077)))
    let text = "\(error)"
    #expect(text.contains("mode 0\(String(mode, radix: 8))") || text.contains("mode 4650"))
    #expect(text.contains("chmod"))
    #expect(text.hasSuffix("00 \(path)"))
  }

  @Test(.enabled(if: isRoot), arguments: [1, 1000, 65534] as [UInt32])
  func `a key of another user is refused`(uid: UInt32) throws {
    let path = directory.makeFile("key", key)
    changeOwner(path, uid: uid)
    let error = try refusal(path)
    #expect(error == .untrusted(path: path, .owner(uid: uid, expected: geteuid())))
    #expect("\(error)".contains("owned by uid \(uid)"))
  }

  @Test(.enabled(if: isRoot)) func `a key of one's own is accepted by a plain user`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      changeMode(directory.path, 0o755)
      let own = directory.makeFile("own", [1, 2])
      changeOwner(own, uid: nobody)
      let foreign = directory.makeFile("foreign", [1, 2])
      changeOwner(foreign, uid: 1234)
      setEffectiveUser(nobody)
      _ = try KeyFile.read(path: own, byteCount: 2)
      #expect(
        throws: FileError.system(
          SystemError(errno: .accessDenied, call: "open", path: foreign))
      ) { _ = try KeyFile.read(path: foreign, byteCount: 2) }
      setEffectiveUser(0)
    }
  }

  @Test func `a key with a second name is refused`() throws {
    let path = directory.makeFile("key", key)
    makeHardLink(directory.file("other"), to: path)
    #expect(try refusal(path) == .untrusted(path: path, .hardLinks(2)))
    #expect("\(try refusal(path))".contains("2 names"))
    try FileSystem.unlink(directory.file("other"))
    #expect(try read(path) == key)
  }

  @Test func `a symbolic link is refused, also to a good key`() throws {
    let target = directory.makeFile("key", key)
    let link = directory.file("link")
    makeSymbolicLink(link, to: target)
    #expect(
      try refusal(link) == .untrusted(path: link, .kind(found: .symbolicLink, expected: .regular)))
  }

  @Test func `a directory is refused`() throws {
    let path = directory.file("d")
    try Directory.create(path: path, modeBits: 0o700)
    #expect(
      try refusal(path) == .untrusted(path: path, .kind(found: .directory, expected: .regular)))
  }

  @Test func `a pipe is refused and not waited for`() throws {
    let path = directory.file("p")
    makePipe(path)
    #expect(try refusal(path) == .untrusted(path: path, .kind(found: .other, expected: .regular)))
  }

  @Test func `a device is refused`() throws {
    #expect(
      try refusal("/dev/zero")
        == .untrusted(path: "/dev/zero", .kind(found: .other, expected: .regular)))
  }

  @Test func `a missing key is told apart from a bad one`() throws {
    let path = directory.file("key")
    #expect(
      try refusal(path) == .system(SystemError(errno: .notFound, call: "open", path: path)))
  }

  @Test(arguments: [0, 1, 31, 33, 64, 4096])
  func `a key of another size is refused`(count: Int) throws {
    let path = directory.makeFile("key", [UInt8](repeating: 1, count: count))
    #expect(
      try refusal(path)
        == .wrongSize(path: path, foundBytes: UInt64(count), expectedBytes: 32))
    #expect("\(try refusal(path))".contains("exactly 32"))
  }

  @Test func `a key that exists is never overwritten`() throws {
    let path = directory.file("key")
    try create(path, key)
    let before = try FileStatus.ofPath(path)
    #expect(throws: FileError.system(SystemError(errno: .exists, call: "open", path: path))) {
      try create(path, [1])
    }
    #expect(try FileStatus.ofPath(path) == before)
    #expect(try read(path) == key)
  }

  @Test func `a symbolic link in the key's place is never followed by creation`() throws {
    let path = directory.file("key")
    makeSymbolicLink(path, to: directory.file("elsewhere"))
    #expect(throws: FileError.self) { try create(path, key) }
    #expect(try FileStatus.ofPath(directory.file("elsewhere")) == nil)
  }

  @Test func `the draft of a crashed creation is replaced, and a link there not followed`() throws {
    let victim = directory.makeFile("victim", [1, 2, 3])
    makeSymbolicLink(directory.file("key.new"), to: victim)
    try create(directory.file("key"), key)
    #expect(try read(directory.file("key")) == key)
    #expect(try File.readWhole(path: victim, limitBytes: 10) == [1, 2, 3])
  }

  @Test func `creation in a missing directory leaves nothing`() throws {
    let path = directory.file("no/key")
    #expect(throws: FileError.self) { try create(path, key) }
    #expect(try Directory.list(path: directory.path) == [])
  }
}
