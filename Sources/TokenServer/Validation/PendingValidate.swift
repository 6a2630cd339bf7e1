internal import TokenWire

/// A VALIDATE whose tokens are read and not looked up yet. It holds no bytes, so an array keeps it;
/// ranges are of the run's bytes.
struct PendingValidate {
  let requestId: UInt32
  let form: ValidateRequest.Form
  let tokenCount: Int
  private let allowsAnyAudience: Bool
  private let scopes: Range<Int>
  private let audience: Range<Int>

  /// What fills a place that is not used.
  static let none = PendingValidate()

  private init() {
    (requestId, form, tokenCount, allowsAnyAudience) = (0, .verdict, 0, false)
    (scopes, audience) = (0..<0, 0..<0)
  }

  init(_ request: RequestRun.Request, _ message: borrowing ValidateRequestView) {
    let start = request.body.lowerBound
    requestId = request.requestId
    form = message.form
    tokenCount = message.tokenCount
    allowsAnyAudience = message.allowsAnyAudience
    let (wanted, named) = (message.requiredScopes, message.audience)
    scopes = start + wanted.lowerBound..<start + wanted.upperBound
    audience = start + named.lowerBound..<start + named.upperBound
  }

  /// What is asked of each token, in the run that the request came in.
  @_lifetime(copy run)
  func requirement(in run: borrowing RequestRun) -> Requirement {
    Requirement(
      scopes: run.bytes.extracting(scopes), audience: run.bytes.extracting(audience),
      allowsAnyAudience: allowsAnyAudience)
  }
}
