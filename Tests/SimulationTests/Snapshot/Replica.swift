import TokenCore
import TokenStorage

/// A state that only ever applies commits, from nothing on: what a restored one is held against.
final class Replica {
  private let memory = StateMemory()
  private var state: ServiceState

  init() { state = memory.state() }

  /// The state after the commits. What it has applied it does not apply again: a later call must
  /// begin with the commits of the one before.
  func image(after commits: [JournaledCommit]) -> StateImage {
    precondition(state.position <= commits.last?.position ?? 0, "commits were taken back")
    for commit in commits where commit.position > state.position {
      state.apply(commit.effects, at: commit.position)
    }
    return StateImage(state)
  }
}
