/// Who is logged in, by the word of the web server in front.
struct Person: Equatable, Sendable {
  /// 1...128 bytes of 0x21...0x7E, as every user id of the service.
  let userID: [UInt8]
  /// Named in `system-administrators` of the configuration; never from the request.
  let isSystemAdmin: Bool
}
