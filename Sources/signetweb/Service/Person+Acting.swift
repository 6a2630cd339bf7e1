internal import TokenWire

extension Person {
  /// As whom the service is asked: always with a login of their own, for a token never comes here.
  var acting: Acting {
    Acting(user: userID, systemAdmin: isSystemAdmin, login: .session)
  }
}
