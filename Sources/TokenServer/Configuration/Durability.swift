/// What an acknowledged change survives. The raw value is the name in the configuration and in
/// STATUS.
public enum Durability: String, CaseIterable, Sendable {
  /// A power cut: every reply waits until what it tells is on the disk.
  case durable
  /// A power cut, but for tokens just issued by ISSUE, which survive the death of the process
  /// alone. Whoever lost one asks again; a revocation is never gone.
  case durableRevocations = "durable-revocations"
  /// The death of the process. A power cut may take what happened since the last sync.
  case processSafe = "process-safe"
  /// Nothing: state lives in memory, a stop loses it. Needs `accept-data-loss = yes`.
  case volatile

  /// What an operator has to know at every start; empty for the default.
  var warning: String {
    switch self {
    case .durable: ""
    case .durableRevocations: "; durable-revocations: a power cut may lose tokens just issued"
    case .processSafe: "; process-safe: a power cut may lose what was just acknowledged"
    case .volatile: "; volatile: a stop loses every token"
    }
  }
}
