/// Every limit of the protocol that belongs to the bytes: sizes of frames, counts of list
/// elements, lengths of fields. The codec enforces the *structural* ones (frame length and
/// `...Structural` counts); lengths of values are judged by the rules, which answer with the
/// field's name. Relations between them are asserted in `WireLimitsTests`.
public enum WireLimits {
  // MARK: Frames

  /// Bytes of a frame header.
  public static let headerBytes = 16
  /// Protocol version of this build.
  public static let version: UInt8 = 1
  /// Bytes after the header, unless HELLO agrees on something else.
  public static let frameBytesDefault = 65_536
  /// Smallest frame limit that HELLO may ask for.
  public static let frameBytesMin = 1_024
  /// Largest frame limit that HELLO may ask for.
  public static let frameBytesMax = 1_048_576
  /// Largest body of a HELLO request, whatever else is configured.
  public static let helloBodyBytes = 1_024
  /// Largest `clientName` of a HELLO.
  public static let clientNameBytes = 128
  /// Frame limit that a connection needs for lane operations.
  public static let laneFrameBytes = 16_384
  /// Largest `echo` of a PING.
  public static let pingEchoBytes = 1_024
  /// Requests in flight on one connection, unless HELLO agrees on something else.
  public static let inFlightDefault = 1_024
  /// Largest number of requests in flight that HELLO may ask for.
  public static let inFlightMax = 65_535
  /// Bytes of a list reply (`maxBytes` 0 means this, larger values are lowered to it).
  public static let listReplyBytes = 60_000
  /// Largest value of a `text` or `bytes` field, of a group and of a list count.
  public static let fieldBytesStructural = 65_535

  // MARK: List counts the codec enforces

  /// Tokens in one VALIDATE.
  public static let validateTokens = 512
  /// Items in one ISSUE.
  public static let issueItems = 128
  /// Tokens that the items of one ISSUE may add up to.
  public static let issueTokens = 128
  /// Callbacks (or redirect URIs) that a body may list before the rules look at it.
  public static let callbacksStructural = 64
  /// Audiences that a body may list before the rules look at it.
  public static let audiencesStructural = 64
  /// Settings in one SETTINGS body.
  public static let settings = 64
  /// Signing keys in one KEYS_LIST reply.
  public static let keys = 256

  // MARK: Field lengths the rules enforce (bytes unless said otherwise)

  public static let userIdBytes = 128
  public static let clientIdBytes = 26
  public static let nameScalars = 64
  public static let nameBytes = 256
  public static let descriptionScalars = 512
  public static let descriptionBytes = 2_048
  public static let homepageBytes = 256
  public static let iconUrlBytes = 512
  public static let callbacks = 16
  public static let callbackBytes = 256
  /// All callbacks of an app, with one byte an entry added.
  public static let callbacksTotalBytes = 1_024
  public static let redirectUriBytes = 256
  public static let stateBytes = 1_024
  public static let scopeBytes = 128
  public static let scopeTokens = 16
  public static let codeChallengeBytes = 43
  public static let codeVerifierBytesMin = 43
  public static let codeVerifierBytesMax = 128
  public static let audienceBytes = 512
  public static let audiences = 8
  public static let audiencesTotalBytes = 1_024
  public static let ticketBytes = 4_096
  public static let backupNameBytes = 64
  public static let issuerBytes = 256
  public static let allowlistGlobs = 16
  public static let allowlistBytes = 2_048

  // MARK: Fixed sizes of the hot reply

  /// One element of a VALIDATE reply in verdict form.
  public static let verdictBytes = 8
}
