import Synchronization

/// What one worker counts; STATS adds them up. Written by that worker, read by the lane.
public final class WorkerCounters: Sendable {
  let validatedTokens = Atomic<UInt64>(0)
  let validTokens = Atomic<UInt64>(0)
  let validateFrames = Atomic<UInt64>(0)

  public init() {}

  func countValidation(frames: Int, tokens: Int, valid: Int) {
    validateFrames.wrappingAdd(UInt64(frames), ordering: .relaxed)
    validatedTokens.wrappingAdd(UInt64(tokens), ordering: .relaxed)
    validTokens.wrappingAdd(UInt64(valid), ordering: .relaxed)
  }
}
