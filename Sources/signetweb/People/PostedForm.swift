/// The fields of a form that a person sent.
struct PostedForm {
  let fields: FieldList
  let person: Person

  /// A field's text, empty when it is absent.
  func text(_ name: StaticString) throws(PageStop) -> [UInt8] {
    try WebRequest.text(name, in: fields, person)
  }

  /// The judgement on the form's token.
  func verdict(
    _ act: StaticString, object: [UInt8] = [], _ tokens: FormTokens
  ) throws(PageStop) -> FormTokens.Verdict {
    let subject = FormSubject(user: person.userID, act: act, object: object)
    return tokens.check(try text(HTML.tokenField), subject)
  }
}

extension FormTokens.Verdict {
  /// Said over a form that comes back, with what was typed still in it.
  var notice: Notice? {
    switch self {
    case .good: nil
    case .expired:
      .problem(
        "Nothing was done: the page had been open for too long. Look it over and send it again.")
    case .wrong:
      .problem(
        """
        Nothing was done: the form did not come from a page shown to you. If it was you who sent \
        it, look it over and send it again.
        """)
    }
  }
}
