import Foundation
import LinuxIO
import Synchronization
import Testing

/// EINTR: each test blocks a thread in a call and hits it with signals whose handler does not
/// restart calls. The signals go on until the call was interrupted at least once, as the handler
/// counts.
@Suite struct InterruptionTests {
  @Test func `an interrupted read is made again`() async {
    await #expect(processExitsWith: .success) {
      let pair = try UnixStream.pair()
      try pair.first.setNonBlocking(false)
      let near = Shared(pair.first)
      let far = pair.second
      let box = Box()
      let victim = try Victim {
        guard let read = try? receive(from: near.value) else { return }
        box.value = Int(read.bytes.first ?? 0)
      }
      victim.interrupt(times: 50)
      #expect(try send([42], on: far) == .bytes(1))
      victim.join()
      #expect(box.value == 42)
    }
  }

  @Test func `an interrupted poll goes on waiting`() async {
    await #expect(processExitsWith: .success) {
      let pair = try UnixStream.pair()
      let near = Shared(pair.first)
      let far = pair.second
      let box = Box()
      let victim = try Victim {
        let isReady = try? near.value.poll(for: .readable, timeoutMillis: 3_600_000)
        box.value = isReady == true ? 1 : 2
      }
      victim.interrupt(times: 50)
      #expect(try send([42], on: far) == .bytes(1))
      victim.join()
      #expect(box.value == 1)
    }
  }

  @Test func `an interrupted poll still ends in time`() async {
    await #expect(processExitsWith: .success) {
      let pair = try UnixStream.pair()
      let near = Shared(pair.first)
      let box = Box()
      let victim = try Victim {
        let isReady = try? near.value.poll(for: .readable, timeoutMillis: 200)
        box.value = isReady == false ? 1 : 2
      }
      // Until it has ended: were the wait started anew each time, this would never.
      while box.value == 0 { victim.interrupt(times: 1) }
      victim.join()
      #expect(box.value == 1)
    }
  }

  @Test func `an interrupted epoll wait reports nothing ready`() async {
    await #expect(processExitsWith: .success) {
      let epoll = Shared(try Epoll())
      let box = Box()
      let victim = try Victim {
        var events = ReadyEvents()
        box.value = ((try? epoll.value.wait(timeoutMillis: nil, into: &events)) ?? -2) + 1
      }
      // Without a descriptor to wait for, only the interruption ends it.
      while box.value == 0 { victim.interrupt(times: 1) }
      victim.join()
      #expect(box.value == 1)
    }
  }

  @Test func `an interrupted connect is made again`() async {
    await #expect(processExitsWith: .success) {
      let directory = TemporaryDirectory()
      let path = directory.file("s")
      let listener = try UnixListener.bind(path: path, modeBits: 0o600, backlog: 0)
      let first = try UnixStream.connect(path: path, isNonBlocking: true)
      let box = Box()
      let victim = try Victim {
        do {
          _ = try UnixStream.connect(path: path, isNonBlocking: true)
        } catch {
          box.text = "\(error)"
        }
      }
      victim.interrupt(times: 50)
      for _ in 0..<2 {
        #expect(try listener.descriptor.poll(for: .readable, timeoutMillis: nil))
        _ = try acceptOne(listener)
      }
      victim.join()
      #expect(box.text == "")
      _ = consume first
    }
  }

  @Test func `an interrupted write to a full pipe loses and repeats nothing`() async {
    await #expect(processExitsWith: .success) {
      var ends: [Int32] = [0, 0]
      precondition(unsafe pipe(&ends) == 0)
      precondition(dup2(ends[1], 1) == 1)
      close(ends[1])
      let reader = FileDescriptor(owning: ends[0])
      let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 2) }
      let victim = try Victim {
        try? StandardStream.output.write(bytes)
        close(1)
      }
      var received: [UInt8] = []
      while case (let result, let part) = try receive(from: reader), result != .endOfFile {
        received += part
        if received.count < 200_000 { victim.interrupt(times: 1) }
      }
      victim.join()
      #expect(received == bytes)
    }
  }
}

/// A thread to be interrupted.
final class Victim {
  private let thread: JoinOnce
  private let handle = Handle()

  init(_ body: @escaping @Sendable () -> Void) throws {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in
      interruptions.add(1, ordering: .relaxed)
    }
    // No SA_RESTART.
    action.sa_flags = 0
    precondition(unsafe sigaction(SIGUSR2, &action, nil) == 0)
    let handle = self.handle
    let started = Shared(try EventNotifier())
    thread = JoinOnce(
      try SystemThread.spawn(name: "victim") {
        handle.value = pthread_self()
        // The test's own thread blocks every signal, and threads inherit that.
        var set = sigset_t()
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGUSR2)
        unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
        started.value.notify()
        body()
        handle.isDone.store(true, ordering: .releasing)
      })
    while try !started.value.descriptor.poll(for: .readable, timeoutMillis: nil) {}
  }

  /// Sends a signal and waits until its handler ran, so many times.
  func interrupt(times: Int) {
    for _ in 0..<times {
      let before = interruptions.load(ordering: .relaxed)
      guard !handle.isDone.load(ordering: .acquiring) else { return }
      pthread_kill(handle.value, SIGUSR2)
      // The thread may end before the signal reaches it.
      while interruptions.load(ordering: .relaxed) == before,
        !handle.isDone.load(ordering: .acquiring)
      {
        sched_yield()
      }
    }
  }

  func join() { thread.join() }

  /// What the victim tells the test's thread. `value` is written once, by the victim, before it
  /// notifies `started`; the test's thread reads it only after that. `isDone` is atomic.
  final class Handle: @unchecked Sendable {
    var value = pthread_t()
    let isDone = Atomic(false)
  }
}

/// Handlers that ran.
private let interruptions = Atomic(0)
