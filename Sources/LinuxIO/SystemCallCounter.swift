internal import CLinux
internal import Glibc

/// Counts the system calls of other threads, by the kernel's `raw_syscalls:sys_enter` tracepoint.
/// Threads that are started later are not counted.
public struct SystemCallCounter: ~Copyable {
  private var counters: [Int32] = []

  /// Opens one counter a thread, stopped. Needs tracefs and the right to count (root, or
  /// CAP_PERFMON): ENOENT or EACCES otherwise.
  public init(threads: [Int32]) throws(SystemError) {
    let event = try Self.tracepoint()
    for thread in threads {
      let raw = clinux_perf_tracepoint(event, thread)
      if raw == -1 {
        let code = errno
        // A thread that has ended meanwhile makes no calls.
        if code == ESRCH { continue }
        throw failure(code, "perf_event_open")
      }
      counters.append(raw)
    }
  }

  deinit { for counter in counters { close(counter) } }

  /// Begins to count from 0.
  public func start() {
    for counter in counters { _ = clinux_perf_start(counter) }
  }

  /// Calls since `start`; nil when a counter cannot be read.
  public func stop() -> UInt64? {
    var sum: UInt64 = 0
    for counter in counters {
      var count: UInt64 = 0
      if unsafe clinux_perf_stop(counter, &count) == -1 { return nil }
      sum += count
    }
    return sum
  }

  private static func tracepoint() throws(SystemError) -> UInt64 {
    let places = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]
    for place in places {
      let path = "\(place)/events/raw_syscalls/sys_enter/id"
      guard let bytes = try? File.readWhole(path: path, limitBytes: 64) else { continue }
      let digits = bytes.prefix { (0x30...0x39).contains($0) }
      if let number = UInt64(String(decoding: digits, as: UTF8.self)) { return number }
    }
    throw SystemError(
      errno: .notFound, call: "open", path: "\(places[0])/events/raw_syscalls/sys_enter/id")
  }
}
