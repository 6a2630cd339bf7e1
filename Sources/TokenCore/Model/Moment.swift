/// A commit position and the time it was committed at. Samples of them turn "everything issued
/// before T" into a position.
public struct Moment: Equatable, Sendable {
  public var position: UInt64
  public var atMillis: UInt64

  public init(position: UInt64, atMillis: UInt64) {
    self.position = position
    self.atMillis = atMillis
  }
}
