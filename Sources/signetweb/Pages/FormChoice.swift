/// One answer among those that a field offers.
struct FormChoice {
  let value: StaticString
  let label: StaticString
  var hint: StaticString?
}
