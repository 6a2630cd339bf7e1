/// Tokens that prove that a form was sent from our own page.
final class FormTokens: Sendable {
  init() {}
}
