public import TokenWire

/// The listening sockets by number, for messages: `Caller.listener` is an index of it.
public struct ListenerTable: Sendable {
  private let listeners: [ListenerConfiguration]

  public init(_ listeners: [ListenerConfiguration]) {
    precondition(listeners.count <= Int(UInt16.max), "a listener's number has 16 bits")
    self.listeners = listeners
  }

  /// The numbers of the listeners: 0 ..< their count.
  public var indices: Range<Int> { listeners.indices }

  /// The listener with the number, as configured. Another number traps.
  public subscript(index: UInt16) -> ListenerConfiguration { listeners[Int(index)] }

  /// What a caller is told who lacks a right: its uid, the right, and the configuration line that
  /// would give it. `needed` are the rights of which one would do.
  public func refusal(of caller: Caller, needed: RightSet) -> String {
    let listener = self[caller.listener]
    return RightsTable.refusal(
      uid: caller.uid, needed: needed, ceiling: listener.rights, listenerPath: listener.path)
  }
}
