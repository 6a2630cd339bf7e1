internal import SignetClient
internal import TokenWire

extension ServiceFault {
  /// As the service would refuse; for what can be told without asking it.
  static let providerOff = ServiceFault.refused(Refusal(code: Status.providerOff.rawValue))
  static let ticketInvalid = ServiceFault.refused(Refusal(code: Status.ticketInvalid.rawValue))
  static let publicClient = ServiceFault.refused(Refusal(code: Status.publicClient.rawValue))

  /// The refusal of a field; nil for every other fault.
  var fieldRefusal: Refusal? {
    guard case .refused(let refusal) = self,
      refusal.status == .invalidField || refusal.status == .unknownSetting
    else { return nil }
    return refusal
  }
}

extension Refusal {
  /// The sentence without the field's path that it begins with: it will stand beside the field.
  var sentence: [UInt8] {
    let text = Array(message.utf8)
    guard let colon = text.firstIndex(of: 0x3A), text.dropFirst(colon + 1).first == 0x20,
      !text[..<colon].contains(0x20)
    else { return text }
    return Array(text[(colon + 2)...])
  }

  /// The number in the brackets after `list` in the field's path: `fields.callbacks[1]` → 1.
  func index(in list: StaticString) -> Int? {
    let path = Array(field.utf8)
    let start = list.bytes + [0x5B]
    guard path.starts(with: start) else { return nil }
    let digits = path[start.count...].prefix { $0 != 0x5D }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
