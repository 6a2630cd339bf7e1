/// A field of a form as it is shown: with what was typed, and what was wrong with it.
struct FormField {
  /// Name in the form, and id on the page.
  let name: StaticString
  let label: StaticString
  var hint: StaticString?
  var value: [UInt8] = []
  var problem: [UInt8]?
  var isRequired = true
  /// Says so where a field may stay empty; off where nobody would think otherwise.
  var marksOptional = true

  var hintID: [UInt8] { name.bytes + Array("-hint".utf8) }
  var problemID: [UInt8] { name.bytes + Array("-problem".utf8) }

  /// What a field that is typed into has in common.
  var attributes: [Attribute] {
    var attributes: [Attribute] = [.of("name", name), .of("id", name)]
    if isWithExplanation { attributes.append(describedBy) }
    if isRequired { attributes.append(.flag("required")) }
    return attributes + [validity]
  }

  var isWithExplanation: Bool { hint != nil || problem != nil }

  /// Said in either case: of an address a browser judges by itself otherwise, and gives no reason.
  var validity: Attribute { .of("aria-invalid", problem == nil ? "false" : "true") }

  /// The problem first: it is what the person needs to hear.
  var describedBy: Attribute {
    let ids = (problem == nil ? [] : [problemID]) + (hint == nil ? [] : [hintID])
    return .of("aria-describedby", Array(ids.joined(separator: [0x20])))
  }
}
