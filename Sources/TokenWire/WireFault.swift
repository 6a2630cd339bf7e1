/// Why bytes are not a frame or a body of this protocol: what is wrong and which field says so.
/// A fault is final for its connection: one last error frame with `status`, then close.
/// `field` is the contract's name of the field, with its groups (`acting.user`, `items[3].count`);
/// never a value.
public struct WireFault: Error, Hashable, Sendable {
  /// What is wrong with the bytes, one case for each rule of the encoding.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// The body or group ends before the field does.
    case truncated
    /// A group or list element is larger than what is left around it.
    case overrun
    /// A text field is not UTF-8.
    case invalidUTF8
    /// A bool is neither 0 nor 1.
    case invalidBool
    /// A list count is outside the contract's limits.
    case countOutsideLimits
    /// A bytes field is above a limit that the codec itself enforces (PING echo).
    case lengthAboveLimit
    /// A value that this version gives no meaning (an enumeration, a flag).
    case invalidValue
    /// A header field breaks the rules of the header.
    case invalidHeader
    /// The length in the header is above the frame limit.
    case frameTooLarge
  }

  public var kind: Kind
  public var field: String

  public init(_ kind: Kind, _ field: String) {
    self.kind = kind
    self.field = field
  }

  /// The same fault, its field named from outside a group: `acting.user`, `items[3].count`.
  func inside(_ group: String) -> WireFault { WireFault(kind, "\(group).\(field)") }

  /// The status of the last error frame.
  public var status: Status { kind == .frameTooLarge ? .frameTooLarge : .malformed }

  /// One sentence for the error body: what is wrong with which field.
  public var message: String {
    switch kind {
    case .truncated: "\(field): the body or group ends before this field does"
    case .overrun: "\(field): larger than the bytes left around it"
    case .invalidUTF8: "\(field): not UTF-8"
    case .invalidBool: "\(field): a bool is 0 or 1"
    case .countOutsideLimits: "\(field): a number of elements that the protocol does not allow"
    case .lengthAboveLimit: "\(field): longer than the protocol allows"
    case .invalidValue: "\(field): this version gives that value no meaning"
    case .invalidHeader: "header field \(field) breaks the frame format"
    case .frameTooLarge: "the frame is larger than the agreed limit"
    }
  }
}
