import StorageSupport
import TokenCore
import TokenStorage

/// A state that is built from a directory, as a start, a salvage or a restore builds one.
final class LoadedService {
  private let memory = StateMemory()
  var arena: Arena { memory.arena }
  private(set) var state: ServiceState?

  func begin(at position: UInt64?) {
    state = ServiceState(arena: arena, hash: TextHash(key0: 3, key1: 4), position: position)
  }

  func apply(_ commit: JournaledCommit) { state?.apply(commit.effects, at: commit.position) }

  func revokePast(nowMillis: UInt64) {
    _ = state?.commit(.revokeBefore(0), Call(nowMillis: nowMillis, peerUID: 0, mayReclaim: false))
  }

  /// Lends the state.
  func with<Result>(_ body: (borrowing ServiceState) throws -> Result) rethrows -> Result {
    guard let taken = state.take() else { preconditionFailure("there is a state") }
    do {
      let result = try body(taken)
      state = consume taken
      return result
    } catch {
      state = consume taken
      throw error
    }
  }

  /// What a start on the directory finds, with its report.
  static func start(_ disk: SimulatedDisk) -> (service: LoadedService, report: RecoveryReport) {
    let service = LoadedService()
    var found = Recovery.restore(disk, JournalDriver.root, into: service.arena) {
      ServiceState(arena: service.arena, hash: TextHash(key0: 3, key1: 4), position: $0)
    }
    let report = found.report
    service.state = found.state.take()
    return (service, report)
  }
}
