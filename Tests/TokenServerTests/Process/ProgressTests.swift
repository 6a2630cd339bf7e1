import Foundation
import Testing

@testable import TokenServer

/// Reading that takes long is seen: a bar on a terminal, lines of the log elsewhere. The clock is
/// the test's.
@Suite struct ProgressTests {
  /// A clock that stands until it is moved, and what was said where.
  private final class Scene: @unchecked Sendable {
    var nanos: UInt64 = 5_000_000_000
    var shown: [String] = []
    var logged: [String] = []

    var log: Log { Log(level: .info, nowMillis: { 0 }, write: { self.logged.append($0) }) }

    func wait(millis: UInt64) { nanos += millis * 1_000_000 }

    func recovery(isWatched: Bool) -> RecoveryProgress {
      RecoveryProgress(
        log, show: isWatched ? { self.shown.append($0) } : nil, nowNanos: { self.nanos })
    }

    func maintenance(isWatched: Bool) -> MaintenanceProgress {
      let console = MaintenanceConsole(
        write: { _ in }, showProgress: isWatched ? { self.shown.append($0) } : nil, log: log)
      return MaintenanceProgress("reading /d", console, nowNanos: { self.nanos })
    }
  }

  @Test(
    "a start that takes less than a second shows nothing but what it read",
    arguments: [false, true])
  func quickStart(_ isWatched: Bool) {
    let scene = Scene()
    let progress = scene.recovery(isWatched: isWatched)
    for page in 1...1_024 { progress.note(pages: page, of: 1_024) }
    scene.wait(millis: 999)
    for position in 1...2_000 { progress.note(position: UInt64(position)) }
    progress.end()
    #expect(scene.shown.isEmpty)
    #expect(
      scene.logged == [
        "signetd: info: recovered 1024 pages of a snapshot and 2000 commits of the journal "
          + "in 999 ms\n"
      ])
  }

  @Test("a start that takes longer writes a line a second where nobody watches")
  func slowStart() {
    let scene = Scene()
    let progress = scene.recovery(isWatched: false)
    scene.wait(millis: 1_000)
    for page in 1...512 { progress.note(pages: page, of: 1_024) }
    scene.wait(millis: 1_000)
    for position in 1...256 { progress.note(position: UInt64(position)) }
    progress.end()
    #expect(scene.shown.isEmpty)
    #expect(
      scene.logged.dropLast() == [
        "signetd: info: recovering: 256 of 1024 pages of the snapshot read\n",
        "signetd: info: recovering: 256 commits of the journal read, position 256\n",
      ])
  }

  @Test("on a terminal it is a bar that is taken away")
  func bar() {
    let scene = Scene()
    let progress = scene.recovery(isWatched: true)
    for page in stride(from: 256, through: 1_024, by: 256) {
      scene.wait(millis: 1_000)
      progress.note(pages: page, of: 1_024)
    }
    scene.wait(millis: 1_000)
    for position in 1...256 { progress.note(position: UInt64(position)) }
    #expect(scene.logged.isEmpty)
    progress.end()
    #expect(scene.shown.count == 6)
    #expect(
      scene.shown[0] == "\r[######..................] recovering: 256 of 1024 pages of the "
        + "snapshot read\u{1B}[K")
    #expect(scene.shown[3].hasPrefix("\r[########################] recovering: 1024 of 1024"))
    #expect(scene.shown[4].hasPrefix("\rrecovering: 256 commits of the journal read, position 256"))
    #expect(scene.shown[5] == "\r\u{1B}[K")
    #expect(scene.logged.count == 1)
  }

  @Test("work at rest shows a line five times a second from the second second on, on a terminal")
  func watchedWork() {
    let scene = Scene()
    var progress = scene.maintenance(isWatched: true)
    func read(from first: UInt64) {
      for position in first..<first + 1_024 { progress.note(position, of: 9_999) }
    }
    scene.wait(millis: 999)
    read(from: 1)
    #expect(scene.shown.isEmpty)
    scene.wait(millis: 1)
    read(from: 1_025)
    scene.wait(millis: 199)
    read(from: 2_049)
    #expect(scene.shown == ["\rreading /d ... position 2048 of 9999\u{1B}[K"])
    scene.wait(millis: 1)
    read(from: 3_073)
    #expect(scene.shown.count == 2)
    progress.end()
    progress.end()
    #expect(scene.shown.last == "\r\u{1B}[K" && scene.shown.count == 3 && scene.logged.isEmpty)
  }

  @Test("work at rest writes a line of the log every ten seconds where nobody watches")
  func unwatchedWork() {
    let scene = Scene()
    var progress = scene.maintenance(isWatched: false)
    for second in 1...20 {
      scene.wait(millis: 1_000)
      for _ in 0..<1_024 { progress.note(UInt64(second), of: 0) }
    }
    progress.end()
    #expect(
      scene.logged == [
        "signetd: info: reading /d: position 10\n", "signetd: info: reading /d: position 20\n",
      ])
  }

  // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), which no header that Swift sees has.
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  @Test("a pseudo-terminal shows the bar; a pipe, and a terminal that cannot, get lines")
  func terminal() throws {
    let main = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK)
    var (unlocked, number): (Int32, UInt32) = (0, 0)
    try #require(unsafe main >= 0 && ioctl(main, Self.unlock, &unlocked) == 0)
    try #require(unsafe ioctl(main, Self.getNumber, &number) == 0)
    let other = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    var ends: [Int32] = [0, 0]
    try #require(unsafe other >= 0 && pipe(&ends) == 0)
    defer { for each in [main, other] + ends { _ = close(each) } }
    func writer(_ end: Int32, _ term: String?) -> ((String) -> Void)? {
      MaintenanceConsole.progressWriter(isTerminal: isatty(end) == 1, term: term) { text in
        let bytes = Array(text.utf8)
        _ = unsafe write(end, bytes, bytes.count)
      }
    }
    for term in ["dumb", nil] { #expect(writer(other, term) == nil) }
    #expect(writer(ends[1], "xterm") == nil)
    let scene = Scene()
    let progress = RecoveryProgress(
      scene.log, show: writer(other, "xterm"), nowNanos: { scene.nanos })
    scene.wait(millis: 1_000)
    progress.note(pages: 256, of: 512)
    progress.end()
    var seen = [UInt8](repeating: 0, count: 512)
    let count = unsafe read(main, &seen, seen.count)
    #expect(
      String(decoding: seen.prefix(max(count, 0)), as: UTF8.self)
        == "\r[############............] recovering: 256 of 512 pages of the snapshot read\u{1B}[K"
        + "\r\u{1B}[K")
  }
}
