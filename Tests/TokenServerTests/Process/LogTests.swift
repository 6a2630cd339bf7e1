import Testing

@testable import TokenServer

struct LogTests {
  private func log(
    _ level: LogLevel, burst: UInt64 = 100, clock: TestClock = TestClock()
  ) -> (Log, LogLines) {
    let lines = LogLines()
    let log = Log(level: level, burst: burst, nowMillis: clock.clock.nowMillis) {
      lines.append($0)
    }
    return (log, lines)
  }

  @Test("a level includes those before it")
  func levels() {
    let (log, lines) = log(.warning)
    log.error("a")
    log.warning("b")
    log.info("c")
    log.debug("d")
    log.notice("e")
    #expect(
      lines.all == ["signetd: error: a\n", "signetd: warning: b\n", "signetd: info: e\n"])
  }

  @Test("a flood is cut, counted, and over when time passes; errors always come through")
  func flood() {
    let clock = TestClock()
    let (log, lines) = log(.info, burst: 3, clock: clock)
    for _ in 0..<10 { log.info("x") }
    #expect(lines.all.count == 3)
    log.error("bad")
    #expect(lines.all.last == "signetd: error: bad (7 lines before this were left out)\n")
    clock.advance(20_000)
    log.info("y")
    log.info("z")
    #expect(lines.all.dropFirst(4) == ["signetd: info: y\n"])
    clock.advance(1_000_000)
    for _ in 0..<10 { log.info("x") }
    #expect(lines.all.count == 8)
  }

  @Test("a message cannot begin a line of its own")
  func oneLine() {
    let (log, lines) = log(.info)
    log.info("a\nsignetd: info: forged\u{1B}[2J\u{7F}")
    #expect(lines.all == [#"signetd: info: a\u{a}signetd: info: forged\u{1b}[2J\u{7f}"# + "\n"])
  }
}
