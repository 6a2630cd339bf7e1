/// One record of the FastCGI protocol: its header's fields and its content.
struct Record: Equatable, Sendable {
  /// The types that mean something here.
  enum Kind {
    static let beginRequest: UInt8 = 1
    static let abortRequest: UInt8 = 2
    static let endRequest: UInt8 = 3
    static let parameters: UInt8 = 4
    static let standardInput: UInt8 = 5
    static let standardOutput: UInt8 = 6
    static let getValues: UInt8 = 9
    static let getValuesResult: UInt8 = 10
    static let unknownType: UInt8 = 11
  }

  static let version: UInt8 = 1
  static let headerBytes = 8
  /// The longest record: header, content, padding.
  static let bytesMax = headerBytes + 65_535 + 255

  let type: UInt8
  /// 0 for management records.
  let requestID: UInt16
  let content: [UInt8]
}
