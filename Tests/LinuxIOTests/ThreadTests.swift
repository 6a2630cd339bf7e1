import Foundation
import LinuxIO
import Testing

@Suite struct ThreadTests {
  @Test func `a joined thread has run to its end`() throws {
    let box = Box()
    let thread = try SystemThread.spawn(name: "worker") { box.value = 7 }
    thread.join()
    #expect(box.value == 7)
  }

  @Test(arguments: [
    ("worker 1", "worker 1"), ("exactly fifteen", "exactly fifteen"),
    ("a name that is too long", "a name that is "), ("fourteen bytesé", "fourteen bytes"),
  ])
  func `a thread carries its name, cut between characters`(name: String, kept: String) throws {
    let box = Box()
    let thread = try SystemThread.spawn(name: name) {
      let path = "/proc/thread-self/comm"
      box.text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
    thread.join()
    #expect(box.text == kept + "\n")
  }

  @Test func `a thread that steps back does so alone`() throws {
    let box = Box()
    try SystemThread.spawn(name: "later") {
      SystemThread.stepBack()
      box.value = niceness()
    }.join()
    #expect(box.value == 5)
    #expect(niceness() == 0)
  }

  /// Of the calling thread, as the kernel tells it.
  private func niceness() -> Int {
    let text = (try? String(contentsOfFile: "/proc/thread-self/stat", encoding: .utf8)) ?? ""
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    return fields.count > 17 ? Int(fields[17]) ?? 99 : 99
  }

  @Test func `a thread that nobody joins still runs`() throws {
    let notifier = Shared(try EventNotifier())
    do { _ = try SystemThread.spawn(name: "detached") { notifier.value.notify() } }
    #expect(try notifier.value.descriptor.poll(for: .readable, timeoutMillis: nil))
  }

  @Test func `a process may run on at least one processor`() {
    #expect(SystemThread.processorCount() >= 1)
  }

  @Test func `a mutex lets one thread in at a time`() throws {
    let mutex = PthreadMutex()
    let box = Box()
    let threads = try (0..<4).map { _ in
      JoinOnce(
        try SystemThread.spawn(name: "counter") {
          for _ in 0..<20_000 { mutex.withLock { box.value += 1 } }
        })
    }
    for thread in threads { thread.join() }
    #expect(box.value == 80_000)
  }

  @Test func `a mutex is given up also when the body throws`() throws {
    let mutex = PthreadMutex()
    #expect(throws: TestFailure.self) {
      try mutex.withLock { () throws(TestFailure) in
        throw TestFailure("inside")
      }
    }
    // Waits for ever where it was not.
    mutex.lock()
    mutex.unlock()
  }

  @Test func `clocks agree with each other and never run backwards`() {
    let before = UInt64(Date().timeIntervalSince1970 * 1000)
    let now = SystemClock.realtimeMillis()
    // Truncation to whole milliseconds may make it one less.
    #expect(now + 1 >= before)
    let reads = (0..<1000).map { _ in SystemClock.monotonicNanos() }
    #expect(reads == reads.sorted())
    let boot = SystemClock.boottimeMillis()
    #expect(boot <= SystemClock.boottimeMillis())
    #expect(boot >= reads[0] / 1_000_000, "boot time counts suspension too")
  }
}

/// Filled by one thread, read after it was joined.
final class Box: @unchecked Sendable {
  var value = 0
  var text = ""
}
