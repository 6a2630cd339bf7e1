public import LinuxIO

/// A call on a file, by what the file is at that time.
public struct DiskCall: Hashable, Sendable {
  public enum Action: Hashable, Sendable { case write, sync, release }

  public enum FileKind: Hashable, Sendable {
    /// One that batches go to, or went.
    case segment
    case reserve
    /// Not in use yet.
    case prepared
    case witness
    case other

    init(_ name: String) {
      if name.hasPrefix("seg-") {
        self = .segment
      } else if name == "reserve.j" {
        self = .reserve
      } else if name.hasSuffix(".tmp") {
        self = .prepared
      } else {
        self = name == "witness" ? .witness : .other
      }
    }
  }

  public var action: Action
  public var file: FileKind

  public init(_ action: Action, _ file: FileKind) {
    self.action = action
    self.file = file
  }

  /// Of a batch: what a reply waits for.
  public static let batchWrite = DiskCall(.write, .segment)
  public static let batchSync = DiskCall(.sync, .segment)
  /// Of a piece of what a segment never needed.
  public static let restRelease = DiskCall(.release, .segment)
}

/// How a call of a kind goes wrong.
public struct CallFault: Sendable {
  public enum Kind: Sendable {
    case error(Errno)
    /// Half of the bytes, no error.
    case shortWrite
  }

  var number: Int
  var kind: Kind
}
