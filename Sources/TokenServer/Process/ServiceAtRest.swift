internal import LinuxIO
internal import TokenCore
internal import TokenCrypto
internal import TokenStorage

/// A service's state that is built and written, and never served. One thread has it.
final class ServiceAtRest {
  /// As large as a service's.
  let arena: Arena
  private var state: ServiceState?
  /// Why a commit could not be performed. Nothing is from there on.
  private var impossible: RecoveryRefusal?

  init(_ limits: ServerLimits) throws(StartError) {
    arena = try Arena.reserve(limits)
  }

  /// Makes the state over what the arena holds.
  ///
  /// - Parameter position: of the snapshot that was loaded; nil = none was.
  func begin(at position: UInt64?) { state = makeState(at: position) }

  /// The same, for somebody else.
  func makeState(at position: UInt64?) -> ServiceState {
    var pool = EntropyPool()
    return ServiceState(
      arena: arena, hash: TextHash(key0: pool.word(), key1: pool.word()), position: position)
  }

  /// Performs a commit that was read; see `requireAll`.
  func apply(_ commit: JournaledCommit) {
    if impossible != nil { return }
    do throws(ReplayFault) {
      try state?.replay(commit)
    } catch {
      impossible = RecoveryRefusal(error, position: commit.position)
    }
  }

  /// Refuses where a commit could not be performed: what there is now is no state.
  ///
  /// - Parameter directory: the one that was read, for the message.
  func requireAll(of directory: String) throws(StartError) {
    guard let impossible else { return }
    throw StartError(ExitCode(impossible), "\(directory), \(impossible)")
  }

  /// Revokes everything from before, in a commit of its own, which the audit trail shows: the
  /// service's gate rises to its position.
  func revokePast(nowMillis: UInt64) {
    #if PLANTED
      if planted(.restoreKeepsTokens) { return }
    #endif
    guard var taken = state.take() else { preconditionFailure("there is a state") }
    let call = Call(
      nowMillis: nowMillis, peerUID: CurrentProcess.effectiveUserID, mayReclaim: false)
    _ = taken.commit(.revokeBefore(0), call)
    let isRevoked = taken.gates.position(of: .service) == taken.position
    precondition(isRevoked, "everything so far is revoked")
    state = consume taken
  }

  /// See `Replacement.replace`.
  func replace(
    _ replacement: Replacement, _ options: JournalOptions, nowMillis: UInt64
  ) throws(ReplacementError) -> String? {
    guard let taken = state.take() else { preconditionFailure("there is a state") }
    return try replacement.replace(with: taken, options, wallMillis: nowMillis)
  }

  /// The rows of the tables that have any, for people.
  var countsText: String {
    guard let taken = state.take() else { return "nothing" }
    let counts = taken.tableUse.filter { $0.live > 0 }.map { "\($0.name) \($0.live)" }
    state = consume taken
    return counts.joined(separator: ", ")
  }
}
