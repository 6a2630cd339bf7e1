internal import CLinux
internal import Glibc

/// A thread of the operating system that runs one function.
///
/// Join it, or it is detached when this value goes away.
public struct SystemThread: ~Copyable, Sendable {
  private let handle: pthread_t

  /// Starts a thread. The name shows in `top -H`; the kernel keeps its first 15 bytes.
  ///
  /// `body` is sent: it may take values that are not Sendable if the caller keeps none of them.
  public static func spawn(
    name: String, _ body: sending @escaping () -> Void
  ) throws(SystemError) -> SystemThread {
    // The box goes to the thread as a retained pointer, which the thread consumes, once.
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    var handle = pthread_t()
    let result = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        unsafe start.name.withCString { _ = unsafe clinux_thread_name($0) }
        start.body()
        return nil
      }, start.toOpaque())
    if result != 0 {
      unsafe start.release()
      throw SystemError(errno: Errno(rawValue: result), call: "pthread_create")
    }
    return SystemThread(handle: handle)
  }

  /// Waits until the function has returned. A thread must not join itself.
  public consuming func join() {
    let handle = self.handle
    discard self
    let result = pthread_join(handle, nil)
    precondition(result == 0, "pthread_join: \(Errno(rawValue: result))")
  }

  deinit { pthread_detach(handle) }

  /// Lets other threads that are ready run on this one's processor first. Returns at once where
  /// there are none.
  public static func yield() { _ = sched_yield() }

  /// Gives the calling thread a third of the share of a busy processor that it had (five more of
  /// niceness): for work that nobody waits for. Advice, and for the rest of the thread's life: the
  /// system gives nothing back.
  public static func stepBack() { _ = clinux_step_back(5) }

  /// Processors that this process may run on: at least 1.
  public static func processorCount() -> Int { max(Int(clinux_cpu_count()), 1) }

  private final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      var kept = Array(name.utf8.prefix(15))
      while !kept.isEmpty, String(validating: kept, as: UTF8.self) == nil { kept.removeLast() }
      self.name = String(decoding: kept, as: UTF8.self)
      self.body = body
    }
  }
}
