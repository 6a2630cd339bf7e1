internal import Foundation

/// How many cases a test runs: those of the commit tier, unless the environment says another
/// number. `tools/torture` sets it for its other tiers.
public enum TierCount {
  /// The number in an environment variable such as `SIGNET_T1_SEEDS`, or `commit`. Text that is no
  /// positive number traps: a run with other counts than were asked for proves nothing.
  public static func named(_ variable: String, commit: Int) -> Int {
    guard let text = ProcessInfo.processInfo.environment[variable] else { return commit }
    guard let count = Int(text), count > 0 else {
      preconditionFailure("\(variable) is no positive number")
    }
    return count
  }
}
