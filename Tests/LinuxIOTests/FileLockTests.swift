import Foundation
import LinuxIO
import Testing

@Suite struct FileLockTests {
  let directory = TemporaryDirectory()

  @Test func `a held lock is refused with the holder's pid`() throws {
    let path = directory.file("LOCK")
    let lock = try FileLock.acquire(path: path)
    let error = try #require(throws: FileLockError.self) { _ = try FileLock.acquire(path: path) }
    #expect(error == .held(path: path, pid: getpid()))
    #expect("\(error)".contains("locked by process \(getpid())"))
    #expect(try File.readWhole(path: path, limitBytes: 20) == Array("\(getpid())\n".utf8))
    #expect(modeBits(path) == 0o600)
    _ = consume lock
  }

  @Test func `a lock that was given up can be taken, over a longer old pid too`() throws {
    let path = directory.makeFile("LOCK", Array("4194304999\n".utf8))
    for _ in 0..<3 { _ = try FileLock.acquire(path: path) }
    #expect(try File.readWhole(path: path, limitBytes: 20) == Array("\(getpid())\n".utf8))
  }

  @Test func `a holder that wrote no pid is unknown`() throws {
    let path = directory.file("LOCK")
    let lock = try FileLock.acquire(path: path)
    for text in ["", "x\n", "99999999999999\n"] {
      let file = try File.open(path: path, .readWrite(createModeBits: nil))
      try file.truncate(toByteCount: 0)
      try file.writeWhole(Array(text.utf8), at: 0)
      let error = try #require(throws: FileLockError.self) {
        _ = try FileLock.acquire(path: path)
      }
      #expect(error == .held(path: path, pid: nil))
      #expect("\(error)".contains("another process"))
    }
    _ = consume lock
  }

  @Test func `a link, a directory and a file that others write are no lock files`() throws {
    let link = directory.file("link")
    makeSymbolicLink(link, to: directory.file("absent"))
    #expect(throws: FileLockError.self) { _ = try FileLock.acquire(path: link) }
    #expect(try FileStatus.ofPath(directory.file("absent")) == nil)
    #expect(
      throws: FileLockError.file(
        .system(SystemError(errno: .isADirectory, call: "open", path: directory.path)))
    ) { _ = try FileLock.acquire(path: directory.path) }
    let open = directory.makeFile("open", modeBits: 0o666)
    #expect(
      throws: FileLockError.file(.untrusted(path: open, .mode(found: 0o666, forbidden: 0o022)))
    ) { _ = try FileLock.acquire(path: open) }
  }

  @Test func `of many threads exactly one gets the lock`() throws {
    let path = directory.file("LOCK")
    let race = LockRace(path: path)
    let threads = try (0..<6).map { index in
      JoinOnce(try SystemThread.spawn(name: "lock \(index)") { race.run() })
    }
    for thread in threads { thread.join() }
    #expect(race.winners == 1)
  }
}

/// Several threads take one lock; the winner keeps it.
final class LockRace: @unchecked Sendable {
  private let path: String
  private let mutex = PthreadMutex()
  private var lock: FileLock?
  private(set) var winners = 0

  init(path: String) { self.path = path }

  func run() {
    guard let taken = try? FileLock.acquire(path: path) else { return }
    mutex.lock()
    lock = consume taken
    winners += 1
    mutex.unlock()
  }
}
