internal import TokenCore

/// Where finished turns go. With a journal they wait until it is on the disk; without one, nothing
/// is kept and they are answered at once.
protocol TurnSink: Sendable {
  /// What the lane may still take on.
  var admission: Admission { get }
  /// Takes the turn over, and delivers its failures. May wait while too many turns are on their
  /// way.
  func end(_ turn: LaneTurn)
  /// Looked at whenever the lane turns, at least once a second.
  func watch()
}

/// What may be committed, given how the disk is.
enum Admission: UInt8, Sendable {
  case everything
  /// The disk is full: only what takes something away.
  case denialsOnly
  /// A sync has taken so long that the disk may hang: the same.
  case diskHangs
  /// Not even denials can be kept in memory any longer.
  case nothing

  /// As in STATUS.
  var name: String {
    switch self {
    case .everything: "everything"
    case .denialsOnly: "denials-only"
    case .diskHangs: "disk-hangs"
    case .nothing: "nothing"
    }
  }
}

/// The sink of `durability = volatile`.
struct VolatileSink: TurnSink {
  let gates: Gates
  let inboxes: [WorkerInbox<LaneResult>]

  var admission: Admission { .everything }
  func watch() {}

  func end(_ turn: LaneTurn) {
    gates.raiseReleased(to: turn.position)
    inboxes.deliver(turn.failures)
    inboxes.deliver(turn.replies)
  }
}
