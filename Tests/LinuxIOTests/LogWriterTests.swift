import LinuxIO
import Synchronization
import Testing

@Suite struct LogWriterTests {
  /// What was written, and a clock that stands until it is moved.
  private final class Scene: Sendable {
    let lines = Mutex<[String]>([])
    let millis = Mutex<UInt64>(5_000)

    func writer(burst: UInt64) -> LogWriter {
      LogWriter(
        program: "p", burst: burst, nowMillis: { self.millis.withLock { $0 } },
        write: { line in self.lines.withLock { $0.append(line) } })
    }

    var all: [String] { lines.withLock { $0 } }
  }

  @Test func `a flood is cut, counted and over when time passes`() {
    let scene = Scene()
    let writer = scene.writer(burst: 3)
    var composed = 0
    for _ in 0..<10 {
      writer.line("info", isCounted: true) {
        composed += 1
        return "x"
      }
    }
    #expect(scene.all == Array(repeating: "p: info: x\n", count: 3) && composed == 3)
    writer.notice("n")
    writer.line("error", isCounted: false) { "e" }
    #expect(
      scene.all.suffix(2) == ["p: info: n\n", "p: error: e (7 lines before this were left out)\n"])
    scene.millis.withLock { $0 += 20_000 }
    for _ in 0..<2 { writer.line("info", isCounted: true) { "y" } }
    #expect(scene.all.dropFirst(5) == ["p: info: y\n"])
  }

  @Test func `a message is one line`() {
    let scene = Scene()
    let writer = scene.writer(burst: 1)
    writer.line("info", isCounted: true) { "a\np: info: b\u{1b}" }
    writer.notice("c\r")
    #expect(scene.all == ["p: info: a\\u{a}p: info: b\\u{1b}\n", "p: info: c\\u{d}\n"])
  }
}
