internal import LinuxIO

/// What the server's process used while a run was measured: processor time of its threads, and
/// their system calls where the kernel lets this process count them.
final class ServerMeter {
  private let pid: Int32
  private var cpuAtStart: UInt64?
  private var calls: SystemCallCounter?
  /// Nanoseconds; nil where they cannot be read.
  private(set) var cpuNanos: UInt64?
  private(set) var systemCalls: UInt64?
  /// Why there are no system calls; nil while there are.
  private(set) var callsReason: String?

  init(pid: Int32) throws(BenchError) {
    self.pid = pid
    guard ServerProcess.cpuNanos(pid) != nil else {
      throw .usage("--server-pid \(pid): no such process, or not readable")
    }
    do throws(SystemError) {
      calls = try SystemCallCounter(threads: ServerProcess.threads(pid))
    } catch {
      callsReason = "system calls of process \(pid) cannot be counted: \(error)"
    }
  }

  func begin() {
    cpuAtStart = ServerProcess.cpuNanos(pid)
    calls?.start()
  }

  func end() {
    systemCalls = calls?.stop()
    guard let start = cpuAtStart, let end = ServerProcess.cpuNanos(pid) else { return }
    cpuNanos = end > start ? end - start : 0
  }
}

/// Reads `/proc/PID`.
enum ServerProcess {
  /// The ids of its threads.
  static func threads(_ pid: Int32) throws(SystemError) -> [Int32] {
    try Directory.list(path: "/proc/\(pid)/task").compactMap { Int32($0) }
  }

  /// Time on a processor of all its threads, from the scheduler's own count.
  static func cpuNanos(_ pid: Int32) -> UInt64? {
    guard let threads = try? threads(pid) else { return nil }
    var sum: UInt64 = 0
    for thread in threads {
      let path = "/proc/\(pid)/task/\(thread)/schedstat"
      guard let bytes = try? File.readWhole(path: path, limitBytes: 4_096),
        let first = bytes.split(separator: UInt8(ascii: " ")).first,
        let nanos = UInt64(String(decoding: first, as: UTF8.self))
      else { continue }
      sum += nanos
    }
    return sum
  }
}
