/// What a form is for: who, which act, on what. A form token is good for exactly one of these.
struct FormSubject {
  let user: [UInt8]
  let act: StaticString
  /// Client id, consent ticket; empty where the act has no object.
  var object: [UInt8] = []
}
